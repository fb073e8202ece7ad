import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Two parameters that differ only by an underscore.
private struct Twins: Module {
  let fc1 = Linear(1, 1, bias: false)
  let fc_1 = Linear(1, 1, bias: false)
  func callAsFunction(_ x: Tensor) -> Tensor { fc1(x) }
}

@Suite struct StateMatchingTests {
  @Test func exactNamesWinOverSimilarOnes() throws {
    let twins = Twins()
    try twins.load(["fc1.weight": Tensor([[1]]), "fc_1.weight": Tensor([[2]])])
    expectEqual(twins.fc1.weight.value.item(), 1)
    expectEqual(twins.fc_1.weight.value.item(), 2)
  }

  @Test func anEntryServesOneParameterOnly() {
    #expect(throws: MoultError.self) { try Twins().load(["Fc1.weight": Tensor([[1]])]) }
  }
}
