import MoultCore
import MoultPlatform

/// A training batch in which each sample is mixed with a partner, a sample of the same batch; the result of `mixup`.
public struct MixedBatch: Sendable {
  /// The mixed samples, `[N, ...]`: `fraction · x + (1 - fraction) · x[partners]`, for the inputs `x` of `mixup`.
  public let inputs: Tensor
  /// The labels of `x`, `[N, ...]`.
  public let labels: Tensor
  /// The labels of `x[partners]`, `[N, ...]`.
  public let partnerLabels: Tensor
  /// The weight λ of `x` in every mixture, 0 to 1; 1 means that nothing is mixed.
  public let fraction: Double

  /// The former name of ``fraction``.
  @available(*, deprecated, renamed: "fraction")
  public var share: Double { fraction }

  /// Returns the loss of the mixed batch: `fraction · loss(labels) + (1 - fraction) · loss(partnerLabels)`.
  ///
  /// - Parameters:
  ///   - output: The model's output for `inputs`.
  ///   - loss: A function that returns the scalar loss of an output and labels, such as `crossEntropy`.
  /// - Returns: The loss, a scalar.
  public func loss(of output: Tensor, _ loss: (Tensor, Tensor) -> Tensor) -> Tensor {
    if fraction == 1 { return loss(output, labels) }
    return loss(output, labels) * fraction + loss(output, partnerLabels) * (1 - fraction)
  }
}

/// Mixes each sample of a training batch with another one; `MixedBatch.loss(of:_:)` mixes the losses in the same
/// proportion.
///
///     y[n] = λ · x[n] + (1 - λ) · x[p(n)],   λ ~ Beta(alpha, alpha) once per batch, p a random permutation
///
/// ```swift
/// let mixed = mixup(x, labels, alpha: 0.2)
/// let loss = mixed.loss(of: model(mixed.inputs), crossEntropy)
/// ```
///
/// - Shapes: `inputs: [N, ...]`, `labels: [N, ...]` -> the same.
/// - Edge cases: `alpha == 0` mixes nothing and draws nothing. Different numbers of inputs and labels stop the program.
/// - Mask law (Documentation/MaskLaw.md): domain 4. In `withStep(t)` the draws are a function of the seed, `t` and the
///   number of earlier `mixup` calls in the scope; outside a scope every call draws new numbers. Partners are samples
///   of the batch that is passed, so mix a batch before you split it.
/// - Complexity: O(*n*) time.
/// - Source: [Zhang et al. 2018](https://arxiv.org/abs/1710.09412), with one λ for a batch as in the authors' code.
///
/// - Parameters:
///   - inputs: The samples, of a floating-point type.
///   - labels: The labels of the samples, of any type.
///   - alpha: The parameter of the Beta distribution, 0 or more; the paper uses 0.1 to 0.4. The larger it is, the
///     closer λ is to 0.5.
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
  /// Draws a number from Beta(alpha, alpha): `a / (a + b)` of two numbers from Gamma(alpha).
  ///
  /// It is computed from the logarithms of `a` and `b`, because numbers from Gamma underflow for a small alpha.
  fileprivate func symmetricBeta(_ alpha: Double) -> Double {
    1 / (1 + exp(logGamma(alpha, draw: 4) - logGamma(alpha, draw: 1)))
  }

  /// Draws the logarithm of a number from Gamma(shape, 1).
  ///
  /// - Parameters:
  ///   - shape: The shape of the distribution, above 0.
  ///   - draw: The number of the first of three draws of the mask call: `draw` is normal, `draw + 1` and `draw + 2` are
  ///     uniform.
  /// - Source: G. Marsaglia and W. W. Tsang 2000 (https://doi.org/10.1145/358407.358414); for a shape below 1 the
  ///   number is Gamma(shape + 1) · U^(1 / shape).
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

/// The number of candidates for a number from Gamma. Each is rejected with a probability below 0.05, all 16 with one
/// below 10⁻²⁰.
private let tries = 16
