/// Whether the rows of an input have masks of their own in a pass, or share them.
public enum SampledMasks: Sendable {
  /// Each row has its own, as in training.
  case perRow
  /// All rows have the same: every pass is one function, as smooth as the network itself. For curves and grids.
  case perPass
}
