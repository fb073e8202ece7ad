import MoultCore
import MoultTestSupport
import Testing

@Suite struct LogicalTests {
  private let a = Tensor([false, false, true, true], shape: [4]), b = Tensor([false, true, false, true], shape: [4])

  @Test func truthTables() {
    expectEqual(a .& b, Tensor([false, false, false, true], shape: [4]))
    expectEqual(a .| b, Tensor([false, true, true, true], shape: [4]))
    expectEqual(.!a, Tensor([true, true, false, false], shape: [4]))
  }

  @Test func shapesBroadcastAndNumbersAreTrueIfNotZero() {
    expectEqual((a.reshaped([4, 1]) .| b).shape, [4, 4])
    expectEqual(Tensor([0, 2, .nan]) .& Tensor([1, 1, 1]), Tensor([false, true, true], shape: [3]))
    expectEqual(.!Tensor([0, 2, -0.0]), Tensor([true, false, true], shape: [3]))
    for layout in Layout.allCases { expectEqual(layout.of(a) .| layout.of(b), a .| b, "\(layout)") }
  }

  @Test func conjunctionBindsTighterThanDisjunction() {
    let x = Tensor([1, 2, 3, 4])
    expectEqual(x .< 2 .| x .> 2 .& x .< 4, Tensor([true, false, true, false], shape: [4]))
  }
}
