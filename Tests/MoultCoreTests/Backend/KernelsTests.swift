import CMoultKernels
import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct KernelsTests {
  @Test func theBestSetIsUsedUnlessToldOtherwise() {
    let names = ProcessSettings.underEveryInstructionSet { Kernels.instructionSet }
    #expect(names.map(\.name) == names.map(\.result) && names.map(\.name) == Kernels.supported)
    #expect(Kernels.supported.first == "portable" && Kernels.supported.contains(Kernels.instructionSet))
  }

  /// Also when nobody has asked for the name before the first kernel runs.
  @Test func theEnvironmentLowersTheSet() async {
    await #expect(processExitsWith: .success) {
      setenv("MOULT_ISA", "portable", 1)
      _ = Tensor([1]) + Tensor([2])
      guard mk_isa() == 0, Kernels.instructionSet == "portable" else { fatalError(Kernels.instructionSet) }
    }
    await #expect(processExitsWith: .success) {
      setenv("MOULT_ISA", "no such thing", 1)
      guard Kernels.instructionSet == Kernels.supported.last else { fatalError(Kernels.instructionSet) }
    }
  }

  /// Kernels that no operation of this module calls yet.
  @Test func valuesOfTheOthers() {
    let a: [Float] = [1, -2, .nan, 3, 0.5], b: [Float] = [2, -3, 1, .nan, 0.5]
    var y = [Float](repeating: 0, count: 5), wide = [Double](repeating: 0, count: 5)
    let p = a.map { Double($0) }, q = b.map { Double($0) }
    func values() -> [String] { y.map { "\($0)" } + wide.map { "\(Float($0))" } }
    func twice(_ texts: [String]) -> [String] { texts + texts }
    mk_maximum_f32(5, a, 1, b, 1, &y)
    mk_maximum_f64(5, p, 1, q, 1, &wide)
    #expect(values() == twice(["2.0", "-2.0", "nan", "nan", "0.5"]))
    mk_minimum_f32(5, a, 1, b, 1, &y)
    mk_minimum_f64(5, p, 1, q, 1, &wide)
    #expect(values() == twice(["1.0", "-3.0", "nan", "nan", "0.5"]))
    mk_reciprocal_f32(5, a, &y)
    mk_reciprocal_f64(5, p, &wide)
    #expect(values() == twice(["1.0", "-0.5", "nan", "0.33333334", "2.0"]))
    mk_square_f32(5, a, &y)
    mk_square_f64(5, p, &wide)
    #expect(values() == twice(["1.0", "4.0", "nan", "9.0", "0.25"]))
  }
}
