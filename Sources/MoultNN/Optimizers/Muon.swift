import MoultCore

/// The Muon optimizer, for the matrices of hidden layers: each update is the momentum, made nearly orthogonal by a
/// Newton-Schulz iteration.
///
///     m = momentum · m + (1 - momentum) · gradient
///     u = nesterov ? (1 - momentum) · gradient + momentum · m : m
///     x = u / max(‖u‖, epsilon), then `newtonSchulzSteps` times: x = a · x + (b · xxᵀ + c · (xxᵀ)²) · x
///     w = w · (1 - learningRate · weightDecay) - learningRate · adjustment · x
///
/// The iteration brings all singular values of `u` near to 1. Another optimizer updates the other parameters: biases,
/// and after the authors' advice also embeddings and the output layer.
///
/// ```swift
/// let parameters = model.parameters()
/// let combined = CombinedOptimizer([
///   Muon(parameters.filter { $0.shape.count == 2 }, learningRate: 0.02),
///   AdamW(parameters.filter { $0.shape.count != 2 }, learningRate: 1e-3),
/// ])
/// ```
///
/// - Complexity: O(*n* · *m*) time per step for *n* weights in matrices whose shorter side is *m*, with
///   3 · `newtonSchulzSteps` products; and one buffer of the size of the parameters.
/// - Source: [Jordan et al. 2024](https://kellerjordan.github.io/posts/muon/), in the form of `torch.optim.Muon`. The
///   iteration here is in the type of the parameters; PyTorch rounds it to bfloat16.
public final class Muon: GroupedOptimizer {
  /// The factor of the learning rate that depends on the shape `[out, in]` of a matrix.
  public enum LearningRateAdjustment: Sendable {
    /// `√max(1, out / in)`, `"original"` in PyTorch.
    case aspectRatio
    /// `0.2 · √max(out, in)`: updates with the root mean square of those of `AdamW`, so that its learning rate and
    /// weight decay fit; `"match_rms_adamw"` in PyTorch ([Liu et al. 2025](https://arxiv.org/abs/2502.16982)).
    case matchRMSAdamW

    func factor(_ shape: [Int]) -> Double {
      let (rows, columns) = (Double(shape[0]), Double(shape[1]))
      switch self {
      case .aspectRatio: return max(1, rows / columns).squareRoot()
      case .matchRMSAdamW: return 0.2 * max(rows, columns).squareRoot()
      }
    }
  }

  /// The momentum coefficient, from 0 to below 1.
  public let momentum: Double
  /// Whether to use Nesterov momentum.
  public let nesterov: Bool
  /// The number of steps of the Newton-Schulz iteration.
  public let newtonSchulzSteps: Int
  /// The coefficients of the Newton-Schulz iteration.
  public let newtonSchulzCoefficients: (a: Double, b: Double, c: Double)
  /// The least number that a norm is divided by, above 0.
  public let epsilon: Double
  /// The factor of the learning rate that depends on the shape of a matrix.
  public let learningRateAdjustment: LearningRateAdjustment
  /// The parameters, and the learning rate and weight decay of each.
  public var settings: OptimizerSettings
  private var velocities: ParameterBuffers

  /// Makes an optimizer.
  ///
  /// Stops the program if a parameter is no matrix.
  ///
  /// - Parameters:
  ///   - parameters: The matrices to update, `[out, in]` each.
  ///   - learningRate: The learning rate, at least 0.
  ///   - weightDecay: The weight decay coefficient, at least 0. Each step scales all weights by
  ///     `1 - learningRate · weightDecay`.
  ///   - momentum: The momentum coefficient, from 0 to below 1.
  ///   - nesterov: Whether to use Nesterov momentum.
  ///   - newtonSchulzCoefficients: The coefficients of the Newton-Schulz iteration.
  ///   - epsilon: The least number that a norm is divided by, above 0.
  ///   - newtonSchulzSteps: The number of steps of the Newton-Schulz iteration, at least 1.
  ///   - learningRateAdjustment: The factor of the learning rate that depends on the shape of a matrix.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, weightDecay: Double = 0.1, momentum: Double = 0.95,
    nesterov: Bool = true,
    newtonSchulzCoefficients: (a: Double, b: Double, c: Double) = (3.4445, -4.7750, 2.0315), epsilon: Double = 1e-7,
    newtonSchulzSteps: Int = 5, learningRateAdjustment: LearningRateAdjustment = .aspectRatio,
    groups: [ParameterGroup] = []
  ) {
    settings = OptimizerSettings(
      parameters, learningRate: learningRate, weightDecay: weightDecay, groups: groups, name: "Muon")
    for (index, parameter) in parameters.enumerated() where parameter.shape.count != 2 || parameter.count == 0 {
      require(
        false,
        "Muon: expected matrices [out, in], got a parameter of shape \(parameter.shape) at \(index); give it to "
          + "another optimizer: CombinedOptimizer([Muon(matrices), AdamW(others)])")
    }
    OptimizerCheck.decay(momentum, "momentum", "Muon")
    require(newtonSchulzSteps > 0, "Muon: expected newtonSchulzSteps >= 1, got \(newtonSchulzSteps)")
    require(epsilon > 0 && epsilon.isFinite, "Muon: expected epsilon > 0, got \(epsilon)")
    self.momentum = momentum
    self.nesterov = nesterov
    self.newtonSchulzSteps = newtonSchulzSteps
    self.newtonSchulzCoefficients = newtonSchulzCoefficients
    self.epsilon = epsilon
    self.learningRateAdjustment = learningRateAdjustment
    velocities = ParameterBuffers("muon.momentum", count: parameters.count)
  }

  /// Updates the parameters by their gradients.
  public func step() {
    withGradients(false) { forEachUpdate(update) }
    settings.finishStep()
  }

  private func update(_ index: Int, _ parameter: Parameter, _ gradient: Tensor) {
    let (learningRate, weightDecay) = (settings.learningRate(at: index), settings.weightDecay(at: index))
    let velocity = velocities.buffer(at: index, like: parameter)
    velocity.value = velocity.value * momentum + gradient * (1 - momentum)
    let direction = nesterov ? gradient * (1 - momentum) + velocity.value * momentum : velocity.value
    let update = orthogonalized(direction) * (learningRate * learningRateAdjustment.factor(parameter.shape))
    parameter.value = parameter.value * (1 - learningRate * weightDecay) - update
  }

  /// Returns a matrix with nearly the singular vectors of `matrix` and with singular values near to 1.
  private func orthogonalized(_ matrix: Tensor) -> Tensor {
    let isTall = matrix.shape[0] > matrix.shape[1]
    let (a, b, c) = newtonSchulzCoefficients
    var x = (isTall ? matrix.transposed() : matrix) / max(sumOfSquares(matrix).squareRoot(), epsilon)
    for _ in 0..<newtonSchulzSteps {
      let gram = matmul(x, x.transposed())
      x = x * a + matmul(gram * b + matmul(gram, gram) * c, x)
    }
    return isTall ? x.transposed() : x
  }

  /// Returns the momentum of each parameter that has one, as `muon.momentum.0` and so on.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter.
  public func stateDictionary() -> [String: Tensor] { state(with: velocities.state) }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a Muon for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    try load(state, into: \.velocities)
  }
}
