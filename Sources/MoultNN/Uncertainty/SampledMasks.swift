/// Whether each row of an input has its own masks in a pass, or all rows share the masks of the pass.
public enum SampledMasks: Sendable {
  /// Each row has its own masks, as in training.
  case perRow
  /// All rows share the masks, so that each pass is one continuous function of the input, as plots of curves need it.
  case perPass
}
