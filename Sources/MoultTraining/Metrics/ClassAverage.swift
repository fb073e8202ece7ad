/// The way in which precision, recall or F1 of single classes become one number, as `average` of scikit-learn.
public enum ClassAverage: String, Sendable {
  /// The value of class 1. There must be two classes.
  case binary
  /// The mean over the classes that occur among the labels or the predictions.
  case macro
  /// The value for the counts of all classes together, which is the accuracy where each sample has one class.
  case micro
  /// The mean over the classes, weighted by the number (or weight) of their samples.
  case weighted
}
