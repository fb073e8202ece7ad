import MoultCore

/// A fully connected layer.
///
///     y = x · weightᵀ + bias
///
/// The initial weights and biases are uniform in ±1/√inputSize, as in PyTorch, unless another initializer is passed for
/// the weights.
///
/// - Shapes: `x: [N, inputSize]` -> `[N, outputSize]`, and likewise `[inputSize]` and `[..., inputSize]`;
///   `weight: [outputSize, inputSize]`, `bias: [outputSize]`.
/// - Gradient: `dx = dy · weight`, `dweight = dyᵀ · x`, `dbias = Σ dy` over the batch.
/// - Edge cases: `N == 0` gives `[0, outputSize]`.
/// - Complexity: O(*N* · *inputSize* · *outputSize*) time for a dense `x`; less if `x` has many zeros, which are
///   skipped.
public final class Linear: Module {
  /// The number of input features, at least 1.
  public let inputSize: Int
  /// The number of output features, at least 1.
  public let outputSize: Int
  /// The weights, `[outputSize, inputSize]`: row `i` holds the incoming weights of unit `i`.
  public let weight: Parameter
  /// The biases, `[outputSize]`; nil for a layer without biases.
  public let bias: Parameter?

  /// Makes a layer with random initial weights and biases, drawn under the current seed.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, at least 1.
  ///   - outputSize: The number of output features, at least 1.
  ///   - bias: Whether to add a bias.
  ///   - initializer: The initializer of the weights.
  ///   - constraint: The constraint that is applied to the weights after every optimizer step, such as `MaxNorm(2)`;
  ///     nil for none.
  ///   - dtype: The type of weights and bias, a floating-point type.
  public init(
    _ inputSize: Int, _ outputSize: Int, bias: Bool = true,
    initializer: any Initializer = .kaimingUniform(a: KaimingUniform.linearSlope),
    constraint: (any ParameterConstraint)? = nil, dtype: DType = .float32
  ) {
    require(
      inputSize > 0 && outputSize > 0, "Linear: expected sizes of at least 1, got \(inputSize) -> \(outputSize)")
    self.inputSize = inputSize
    self.outputSize = outputSize
    weight = Parameter([outputSize, inputSize], initializer: initializer, constraint: constraint, dtype: dtype)
    let bound = 1 / Double(inputSize).squareRoot()
    self.bias = bias ? Parameter([outputSize], initializer: .uniform(-bound..<bound), dtype: dtype) : nil
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, inputSize]`, `[inputSize]` or `[..., inputSize]`.
  /// - Returns: The output, `[N, outputSize]`, `[outputSize]` or `[..., outputSize]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireInput(x)
    if x.rank > 1 { return linear(x, weight: weight, bias: bias) }
    return linear(x.reshaped([1, inputSize]), weight: weight, bias: bias).reshaped([outputSize])
  }

  /// Stops the program unless the last axis of `x` has `inputSize` elements.
  func requireInput(_ x: Tensor) { require(x.shape.last == inputSize, shapeMessage(x.shape)) }

  private func shapeMessage(_ shape: [Int]) -> String {
    let hint =
      shape.dropFirst().reduce(1, *) == inputSize
      ? "flatten it first" : shape.first == inputSize ? "transpose it first" : "the last axis holds the features"
    return "Linear(\(inputSize) -> \(outputSize)): expected x: [N, \(inputSize)], got \(shape); \(hint)"
  }
}
