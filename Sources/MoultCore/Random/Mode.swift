/// What a layer that behaves differently in training is to do.
public enum Mode: Sendable, Hashable {
  /// Drop units, use batch statistics: while weights are being fitted.
  case training
  /// Drop nothing: the one function that was learned.
  case evaluation
  /// Drop units, but draw from the sampling streams and leave statistics alone: for Monte Carlo uncertainty.
  case sampling

  /// The streams that a layer draws from; none in evaluation.
  var domain: RandomDomain? {
    switch self {
    case .training: .training
    case .evaluation: nil
    case .sampling: .sampling
    }
  }
}
