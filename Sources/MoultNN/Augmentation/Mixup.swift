import MoultCore
import MoultPlatform

/// A batch whose samples are mixed with one another, and the labels of both parts of each mixture.
public struct MixedBatch: Sendable {
  /// `fraction · x + (1 - fraction) · x[partners]`.
  public let inputs: Tensor
  /// The labels of the first parts.
  public let labels: Tensor
  /// The labels of the partners.
  public let partnerLabels: Tensor
  /// λ: how much of each mixture is its first part, 0 to 1.
  public let fraction: Double

  /// The former name of ``fraction``.
  @available(*, deprecated, renamed: "fraction")
  public var share: Double { fraction }

  /// The loss of an output for these inputs: `fraction · loss(labels) + (1 - fraction) · loss(partnerLabels)`.
  ///
  /// - Parameters:
  ///   - output: The model's output for `inputs`.
  ///   - loss: The loss of an output and labels, such as `crossEntropy`.
  /// - Returns: The loss, a scalar.
  public func loss(of output: Tensor, _ loss: (Tensor, Tensor) -> Tensor) -> Tensor {
    if fraction == 1 { return loss(output, labels) }
    return loss(output, labels) * fraction + loss(output, partnerLabels) * (1 - fraction)
  }
}

/// Mixes each sample of a training batch with another, and mixes their losses in proportion.
///
///     y[n] = λ · x[n] + (1 - λ) · x[p(n)],   λ ~ Beta(alpha, alpha) for the batch, p a random order of it
///
/// ```swift
/// let mixed = mixup(x, labels, alpha: 0.2)
/// let loss = mixed.loss(of: model(mixed.inputs), crossEntropy)
/// ```
///
/// - Shapes: `inputs: [N, ...]`, `labels: [N, ...]` -> the same.
/// - Edge cases: `alpha == 0` mixes nothing.
/// - Law: domain 4. In `withStep(t)` the draws are a function of seed, `t` and the count of such calls in the scope,
///   else every call draws anew. Partners come from the batch that is given: mix before splitting a batch.
/// - Complexity: O(*n*) time.
/// - Source: [Zhang et al. 2018](https://arxiv.org/abs/1710.09412), with one λ for a batch as in the authors' code.
///
/// - Parameters:
///   - inputs: The samples, of a floating-point type.
///   - labels: Their labels, of any type.
///   - alpha: The parameter of Beta, 0 or more: 0.1 to 0.4 in the paper. The larger, the more even the mixtures are.
/// - Returns: The mixed batch.
public func mixup(_ inputs: Tensor, _ labels: Tensor, alpha: Double) -> MixedBatch {
  require(alpha >= 0 && alpha.isFinite, "mixup: expected an alpha from 0 on, got \(alpha)")
  require(
    inputs.rank >= 1 && labels.rank >= 1 && inputs.shape[0] == labels.shape[0],
    "mixup: expected inputs [N, ...] and labels [N, ...] of one N, got \(inputs.shape) and \(labels.shape)")
  inputs.requireFloatingPoint("mixup")
  guard alpha > 0 else { return MixedBatch(inputs: inputs, labels: labels, partnerLabels: labels, fraction: 1) }
  let use = MaskUse.augmentation()
  let fraction = use.symmetricBeta(alpha)
  let partners = use.stream.permutation(inputs.shape[0], step: use.step)
  return MixedBatch(
    inputs: inputs * fraction + inputs.indexSelect(partners) * (1 - fraction), labels: labels,
    partnerLabels: labels.indexSelect(partners), fraction: fraction)
}

extension MaskUse {
  /// A number from Beta(alpha, alpha): `a / (a + b)` of two from Gamma(alpha), by their logarithms, since
  /// numbers from Gamma of a small alpha underflow.
  fileprivate func symmetricBeta(_ alpha: Double) -> Double {
    1 / (1 + exp(logGamma(alpha, draw: 4) - logGamma(alpha, draw: 1)))
  }

  /// The logarithm of a number from Gamma(shape, 1), from draws `draw` (normal), `draw + 1` and `draw + 2` (uniform).
  ///
  /// - Source: G. Marsaglia and W. W. Tsang 2000 (https://doi.org/10.1145/358407.358414); below shape 1 as
  ///   Gamma(shape + 1) · U^(1 / shape).
  private func logGamma(_ shape: Double, draw: UInt32) -> Double {
    let normals: [Double] = stream.normal(
      [tries], mean: 0, standardDeviation: 1, dtype: .float64, step: step, draw: draw
    ).scalars()
    let uniforms: [Double] = stream.uniform([tries], low: 0, high: 1, dtype: .float64, step: step, draw: draw + 1)
      .scalars()
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / (9 * d).squareRoot()
    var result = log(d)
    for (normal, uniform) in zip(normals, uniforms) {
      let root = 1 + c * normal
      let cube = root * root * root
      guard cube > 0, log(1 - uniform) < normal * normal / 2 + d - d * cube + d * log(cube) else { continue }
      result = log(d * cube)
      break
    }
    guard shape < 1 else { return result }
    let last = stream.uniform([1], low: 0, high: 1, dtype: .float64, step: step, draw: draw + 2).item(as: Double.self)
    return result + log(1 - last) / shape
  }
}

/// Draws for one number: each is rejected with a probability below 0.05, so these never run out.
private let tries = 16
