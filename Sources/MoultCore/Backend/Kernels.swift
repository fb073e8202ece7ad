import CMoultKernels

/// The vector instructions that the kernels use. All sets give the same bits; only speed differs.
public enum Kernels {
  /// `avx512`, `avx2` or `portable`: the best that the processor has, unless the environment variable MOULT_ISA asks for
  /// less.
  public static var instructionSet: String { names[Int(mk_isa())] }

  /// The instruction sets that this processor can run.
  package static var supported: [String] { Array(names[0...Int(mk_isa_supported())]) }

  /// Uses another instruction set from now on; one that the processor lacks gives the best it has.
  package static func use(_ name: String) {
    mk_set_isa(Int32(names.firstIndex(of: name) ?? names.count - 1))
  }

  private static let names = ["portable", "avx2", "avx512"]
}

/// An elementwise function of one tensor, in the two types that gradients flow through.
struct UnaryKernel: Sendable {
  let f32: @Sendable @convention(c) (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void
  let f64: @Sendable @convention(c) (Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void
}

/// An elementwise function of two tensors; the steps are 0 for a scalar operand, else 1.
struct BinaryKernel: Sendable {
  let f32:
    @Sendable @convention(c) (
      Int, UnsafePointer<Float>?, Int, UnsafePointer<Float>?, Int, UnsafeMutablePointer<Float>?
    ) -> Void
  let f64:
    @Sendable @convention(c) (
      Int, UnsafePointer<Double>?, Int, UnsafePointer<Double>?, Int, UnsafeMutablePointer<Double>?
    ) -> Void
}
