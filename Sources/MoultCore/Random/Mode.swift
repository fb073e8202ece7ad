/// The mode of a layer that behaves differently in training and in evaluation.
public enum Mode: Sendable, Hashable {
  /// Training: units are dropped, and statistics are those of the batch.
  case training
  /// Evaluation: no unit is dropped, so the layer is a deterministic function.
  case evaluation
  /// Sampling, for Monte Carlo uncertainty: units are dropped, with masks from the sampling streams, and statistics do
  /// not change.
  case sampling

  /// The domain of the random streams that a layer draws from; nil in evaluation.
  var domain: RandomDomain? {
    switch self {
    case .training: .training
    case .evaluation: nil
    case .sampling: .sampling
    }
  }
}
