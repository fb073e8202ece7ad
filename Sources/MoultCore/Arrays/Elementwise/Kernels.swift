import CMoultKernels

/// An elementwise function of one array: its C kernels for Float32 and Float64. Their arguments are the number of
/// elements, the input and the result.
package struct UnaryKernel: Sendable {
  let f32: @Sendable @convention(c) (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void
  let f64: @Sendable @convention(c) (Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void

  package static let negate = UnaryKernel(f32: mk_negate_f32, f64: mk_negate_f64)
  package static let exp = UnaryKernel(f32: mk_exp_f32, f64: mk_exp_f64)
  package static let log = UnaryKernel(f32: mk_log_f32, f64: mk_log_f64)
  package static let sqrt = UnaryKernel(f32: mk_sqrt_f32, f64: mk_sqrt_f64)
  package static let abs = UnaryKernel(f32: mk_abs_f32, f64: mk_abs_f64)
  package static let sign = UnaryKernel(f32: mk_sign_f32, f64: mk_sign_f64)
  package static let relu = UnaryKernel(f32: mk_relu_f32, f64: mk_relu_f64)
  package static let sigmoid = UnaryKernel(f32: mk_sigmoid_f32, f64: mk_sigmoid_f64)
  package static let tanh = UnaryKernel(f32: mk_tanh_f32, f64: mk_tanh_f64)
  package static let sin = UnaryKernel(f32: mk_sin_f32, f64: mk_sin_f64)
  package static let cos = UnaryKernel(f32: mk_cos_f32, f64: mk_cos_f64)
  package static let selu = UnaryKernel(f32: mk_selu_f32, f64: mk_selu_f64)
  package static let seluDerivative = UnaryKernel(f32: mk_selu_derivative_f32, f64: mk_selu_derivative_f64)
}

/// An elementwise function of two arrays: its C kernels for Float32 and Float64. Their arguments are the number of
/// elements, each input with its stride, and the result. A stride is 0 for a scalar and 1 otherwise.
package struct BinaryKernel: Sendable {
  let f32:
    @Sendable @convention(c) (
      Int, UnsafePointer<Float>?, Int, UnsafePointer<Float>?, Int, UnsafeMutablePointer<Float>?
    ) -> Void
  let f64:
    @Sendable @convention(c) (
      Int, UnsafePointer<Double>?, Int, UnsafePointer<Double>?, Int, UnsafeMutablePointer<Double>?
    ) -> Void

  /// The same operation on integers; nil if integers do not support it.
  var integers: IntegerOperation?

  package static let add = BinaryKernel(f32: mk_add_f32, f64: mk_add_f64, integers: .add)
  package static let subtract = BinaryKernel(f32: mk_subtract_f32, f64: mk_subtract_f64, integers: .subtract)
  package static let multiply = BinaryKernel(f32: mk_multiply_f32, f64: mk_multiply_f64, integers: .multiply)
  package static let divide = BinaryKernel(f32: mk_divide_f32, f64: mk_divide_f64)
  package static let minimum = BinaryKernel(f32: mk_minimum_f32, f64: mk_minimum_f64, integers: .minimum)
  package static let maximum = BinaryKernel(f32: mk_maximum_f32, f64: mk_maximum_f64, integers: .maximum)
  package static let pow = BinaryKernel(f32: mk_pow_f32, f64: mk_pow_f64)
  /// The gradients of the inputs of sigmoid and tanh, as functions of the gradient and of the result.
  package static let sigmoidGradient = BinaryKernel(f32: mk_sigmoid_gradient_f32, f64: mk_sigmoid_gradient_f64)
  package static let tanhGradient = BinaryKernel(f32: mk_tanh_gradient_f32, f64: mk_tanh_gradient_f64)
}
