import CMoultKernels

/// The vector instruction set that the C kernels use. All sets give the same bits; only the speed differs.
public enum Kernels {
  /// The name of the instruction set in use: `avx512`, `avx2` or `portable`.
  ///
  /// It is the best set that the processor supports, unless the environment variable MOULT_ISA names a lower one.
  public static var instructionSet: String { names[Int(mk_isa())] }

  /// The names of the instruction sets that this processor supports, `portable` first.
  package static var supported: [String] { Array(names[0...Int(mk_isa_supported())]) }

  /// Sets the instruction set from now on. An unknown or unsupported name selects the best set that the processor
  /// supports.
  package static func use(_ name: String) {
    mk_set_isa(Int32(names.firstIndex(of: name) ?? names.count - 1))
  }

  private static let names = ["portable", "avx2", "avx512"]
}
