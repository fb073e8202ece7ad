/// The treatment of columns and categories of a row that the model does not know.
public enum UnknownValues: Sendable {
  /// They are errors, which name the nearest known ones.
  case error
  /// Unknown columns are ignored, and unknown categories are encoded as in a table file: as none of the known ones.
  case ignore
}
