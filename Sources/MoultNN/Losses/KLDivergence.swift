import MoultCore

/// The Kullback-Leibler divergence of predicted from target distributions, without weights; see
/// ``klDivergence(_:_:weights:)``.
public func klDivergence(_ logProbabilities: Tensor, _ targets: Tensor) -> Tensor {
  klDivergence(logProbabilities, targets, weights: nil)
}

/// The mean over the samples of the Kullback-Leibler divergence `KL(targets ‖ predictions)`, as for the distillation
/// of one model into another.
///
///     loss = 1/N · Σ t · (log t - logProbabilities)
///
/// ```swift
/// let teacher = encoder, student = decoder
/// let targets = withGradients(false) { softmax(teacher(x)) }
/// let loss = klDivergence(logSoftmax(student(x)), targets)
/// ```
///
/// With weights it is the weighted mean `Σ w[n] · loss[n] / Σ w[n]` of the divergences of the samples.
///
/// - Shapes: `logProbabilities: [N, ...]`, `targets:` the same, `weights: [N]` -> `[]`. Nothing is broadcast.
/// - Gradient: `dlogProbabilities = -t / N`.
/// - Edge cases: a target of 0 adds 0. Negative targets, predictions that are no logarithms of probabilities (above 0)
///   and an empty batch stop the program.
/// - Complexity: O(*n*) time.
/// - Source: [Kullback and Leibler 1951](https://doi.org/10.1214/aoms/1177729694), in the form of `torch.nn.KLDivLoss`
///   with `reduction="batchmean"`.
///
/// - Parameters:
///   - logProbabilities: The logarithms of the predicted probabilities, such as `logSoftmax(logits)`.
///   - targets: The target probabilities t.
///   - weights: The weight w of each sample, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func klDivergence(_ logProbabilities: Tensor, _ targets: Tensor, weights: Tensor?) -> Tensor {
  requireComparable(logProbabilities, targets, "klDivergence")
  require(logProbabilities.rank > 0, "klDivergence: expected samples: [N, ...], got a scalar")
  for target in targets.scalars(as: Double.self) where !(target >= 0) {
    fatalError("klDivergence: expected targets >= 0, got \(target); they are probabilities, not logarithms")
  }
  for value in logProbabilities.scalars(as: Double.self) where value > roundingAboveZero {
    fatalError("klDivergence: expected logarithms of probabilities, got \(value); use logSoftmax, not softmax")
  }
  let isPositive = targets .> 0, zero = Tensor.zeros([], dtype: targets.dtype)
  let logTargets = log(select(isPositive, targets, zero + 1))
  let terms = select(isPositive, targets * (logTargets - logProbabilities), zero)
  let samples = terms.reshaped([terms.shape[0], -1]).sum(axis: 1)
  return samples.mean(weights: weights, "klDivergence")
}

/// The logarithm of a probability near 1 may be above 0 by rounding.
private let roundingAboveZero = 1e-3
