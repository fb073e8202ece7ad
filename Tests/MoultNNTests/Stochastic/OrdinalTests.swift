import MoultCore
import MoultNN
import Testing

@Suite struct OrdinalTests {
  private func ordinals(_ model: some Module) -> [UInt32?] {
    model.stochasticLayers().map { $0.layer.dropoutState.calls.ordinal }
  }

  @Test(arguments: [true, false]) func trainAndEvalNumberFromZero(trains: Bool) {
    let model = SimpleMLP(inputSize: 2, hiddenSize: 2)
    #expect(ordinals(model) == [nil, nil])
    if trains { model.train() } else { model.eval() }
    #expect(ordinals(model) == [0, 1])
  }

  @Test func rateZeroIsCounted() {
    let model = Sequential(Dropout(0), Dropout(0.5))
    model.train()
    #expect(ordinals(model) == [0, 1])
  }

  @Test func numbersStayWhereTheyAreDistinct() {
    let last = Dropout(0.5)
    let whole = Sequential(Dropout(0.5), Sequential(Dropout(0.5), last))
    whole.train()
    Sequential(last).train()
    #expect(ordinals(whole) == [0, 1, 2])
    whole.eval()
    #expect(ordinals(whole) == [0, 1, 2])
  }

  @Test func twoThatWereNumberedApartGetNewNumbersTogether() {
    let parts = [Sequential(Dropout(0.5)), Sequential(Dropout(0.5))]
    for part in parts { part.train() }
    #expect(parts.map(ordinals) == [[0], [0]])
    Sequential(parts).train()
    #expect(parts.map(ordinals) == [[0], [1]])
  }

  @Test func aNewLayerInANumberedModelRenumbersAll() {
    let old = Dropout(0.5)
    Sequential(old).train()
    let model = Sequential(Dropout(0.5), old)
    model.eval()
    #expect(ordinals(model) == [0, 1])
  }

  @Test func aSharedLayerHasItsFirstPlace() {
    let shared = Dropout(0.5)
    let model = Sequential(shared, Dropout(0.5), shared)
    model.train()
    #expect(ordinals(model) == [0, 1])
  }

  @Test func pinnedNumbersStayAndOthersKeepOutOfTheirWay() {
    let model = Sequential(Dropout(0.5), Dropout(0.5, stream: 7), Dropout(0.5))
    model.train()
    #expect(ordinals(model) == [0, 7, 2])

    let crossed = Sequential(Dropout(0.5, stream: 1), Dropout(0.5), Dropout(0.5), Dropout(0.5, stream: 4))
    crossed.train()
    #expect(ordinals(crossed) == [1, 5, 2, 4])
    crossed.train()
    #expect(ordinals(crossed) == [1, 5, 2, 4])
  }
}
