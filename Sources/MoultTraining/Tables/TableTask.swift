/// What a column is to be predicted as.
public enum TableTask: String, Sendable, CaseIterable {
  /// One of a few classes.
  case classification
  /// A number.
  case regression
}
