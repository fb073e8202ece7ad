import CMoultKernels

/// An activation function that can become a step in the epilogue of a pending product.
///
/// If its derivative is a function of its input, the same pass over the product can compute both. ReLU, sigmoid and
/// tanh have no such derivative: their gradients are computed from their results.
package struct Activation: Sendable {
  let step, derivativeStep: Int32
  let kernel: UnaryKernel
  let derivative: UnaryKernel?

  package static let relu = Activation(MK_STEP_relu, .relu)
  package static let sigmoid = Activation(MK_STEP_sigmoid, .sigmoid)
  package static let tanh = Activation(MK_STEP_tanh, .tanh)
  package static let gelu = Activation(
    MK_STEP_gelu, .init(f32: mk_gelu_f32, f64: mk_gelu_f64),
    derivative: MK_STEP_gelu_derivative, .init(f32: mk_gelu_derivative_f32, f64: mk_gelu_derivative_f64))
  package static let geluTanh = Activation(
    MK_STEP_gelu_tanh, .init(f32: mk_gelu_tanh_f32, f64: mk_gelu_tanh_f64),
    derivative: MK_STEP_gelu_tanh_derivative, .init(f32: mk_gelu_tanh_derivative_f32, f64: mk_gelu_tanh_derivative_f64))
  package static let silu = Activation(
    MK_STEP_silu, .init(f32: mk_silu_f32, f64: mk_silu_f64),
    derivative: MK_STEP_silu_derivative, .init(f32: mk_silu_derivative_f32, f64: mk_silu_derivative_f64))
  package static let mish = Activation(
    MK_STEP_mish, .init(f32: mk_mish_f32, f64: mk_mish_f64),
    derivative: MK_STEP_mish_derivative, .init(f32: mk_mish_derivative_f32, f64: mk_mish_derivative_f64))

  private init<Step: BinaryInteger>(
    _ step: Step, _ kernel: UnaryKernel, derivative derivativeStep: Step? = nil, _ derivative: UnaryKernel? = nil
  ) {
    (self.step, self.derivativeStep) = (Int32(step), Int32(derivativeStep ?? step))
    (self.kernel, self.derivative) = (kernel, derivative)
  }

  /// The derivative as a function of the input. Stops the program for an activation that has none.
  var requiredDerivative: UnaryKernel {
    guard let derivative else { fatalError("Activation: the derivative needs the result") }
    return derivative
  }

  /// Returns whether both activations are the same function; it is used in `case` patterns.
  static func ~= (pattern: Activation, value: Activation) -> Bool { pattern.step == value.step }
}

extension NDArray {
  /// Applies `activation` to each element. If this array is a pending product, the activation becomes a step of its
  /// epilogue.
  package func applying(_ activation: Activation, _ operation: StaticString) -> NDArray {
    joining(.activation(activation)) ?? mapped(activation.kernel, operation)
  }

  /// Returns this array times `other`: as a step of its pending product if it can join, else computed now.
  func multiplyingOrJoining(_ other: NDArray) -> NDArray { joining(.multiply(other)) ?? self * other }

  /// Returns this gradient times `scale` where `result` is positive, and 0 elsewhere. `result` is the output of ReLU,
  /// or of dropout after ReLU.
  ///
  /// If this array is a pending product, the operation becomes a step of its epilogue, and columns that are dropped in
  /// `result` are not computed.
  package func backwardThroughReLU(result: NDArray, scale: Float = 1) -> NDArray {
    if let joined = joiningActiveColumns(of: result, scale: scale) { return joined }
    if let joined = joining(.reluGradient(result: result, scale: scale)) { return joined }
    if let order = result.memoryOrder {
      return withAxes(order) { $0.backwardThroughReLU(result: result.permuted(order), scale: scale) }
    }
    let gradient = contiguous(), y = result.contiguous(), dx = Storage(count: count, dtype: dtype)
    func run<S: TensorScalar>(
      _ scale: S, _ kernel: (Int, UnsafePointer<S>?, UnsafePointer<S>?, S, UnsafeMutablePointer<S>?) -> Void
    ) {
      let g = gradient.pointer(as: S.self), y = y.pointer(as: S.self), dx = dx.pointer(as: S.self)
      parallelFor(count, elements: 1) { range in
        let i = range.lowerBound
        kernel(range.count, g + i, y + i, scale, dx + i)
      }
    }
    if dtype == .float32 {
      run(scale, mk_relu_dropout_backward_f32)
    } else {
      run(Double(scale), mk_relu_dropout_backward_f64)
    }
    withExtendedLifetime((gradient, y)) {}
    return NDArray(storage: dx, shape: shape)
  }
}
