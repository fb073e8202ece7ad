import CMoultKernels
import Foundation
import MoultCore
import MoultTestSupport
import Testing

@Suite struct KernelsTests {
  @Test func theBestSetIsUsedUnlessToldOtherwise() {
    let names = ProcessSettings.underEveryInstructionSet { Kernels.instructionSet }
    expectTrue(names.map(\.name) == names.map(\.result) && names.map(\.name) == Kernels.supported)
    expectTrue(Kernels.supported.first == "portable" && Kernels.supported.contains(Kernels.instructionSet))
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
}
