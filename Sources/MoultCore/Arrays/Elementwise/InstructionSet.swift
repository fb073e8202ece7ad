import CMoultKernels

/// The vector instructions that the kernels use. All sets give the same bits; only speed differs.
public enum Kernels {
  /// `avx512`, `avx2` or `portable`: the best that the processor has, unless the environment variable MOULT_ISA asks
  /// for less.
  public static var instructionSet: String { names[Int(mk_isa())] }

  /// The instruction sets that this processor can run.
  package static var supported: [String] { Array(names[0...Int(mk_isa_supported())]) }

  /// Uses another instruction set from now on; one that the processor lacks gives the best it has.
  package static func use(_ name: String) {
    mk_set_isa(Int32(names.firstIndex(of: name) ?? names.count - 1))
  }

  private static let names = ["portable", "avx2", "avx512"]
}
