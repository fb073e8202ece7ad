import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct OrdinalTests {
  private func ordinals(_ model: some Module) -> [UInt32?] {
    model.stochasticLayers().map { $0.layer.dropoutState.calls.ordinal }
  }

  @Test(arguments: [true, false]) func trainAndEvalNumberFromZero(trains: Bool) {
    let model = SimpleMLP(inputSize: 2, hiddenSize: 2)
    expectEqual(ordinals(model), [nil, nil])
    if trains { model.train() } else { model.eval() }
    expectEqual(ordinals(model), [0, 1])
  }

  @Test func rateZeroIsCounted() {
    let model = Sequential(Dropout(0), Dropout(0.5))
    model.train()
    expectEqual(ordinals(model), [0, 1])
  }

  @Test func numbersStayWhereTheyAreDistinct() {
    let last = Dropout(0.5)
    let whole = Sequential(Dropout(0.5), Sequential(Dropout(0.5), last))
    whole.train()
    Sequential(last).train()
    expectEqual(ordinals(whole), [0, 1, 2])
    whole.eval()
    expectEqual(ordinals(whole), [0, 1, 2])
  }

  @Test func twoThatWereNumberedApartGetNewNumbersTogether() {
    let parts = [Sequential(Dropout(0.5)), Sequential(Dropout(0.5))]
    for part in parts { part.train() }
    expectEqual(parts.map(ordinals), [[0], [0]])
    Sequential(parts).train()
    expectEqual(parts.map(ordinals), [[0], [1]])
  }

  @Test func aNewLayerInANumberedModelRenumbersAll() {
    let old = Dropout(0.5)
    Sequential(old).train()
    let model = Sequential(Dropout(0.5), old)
    model.eval()
    expectEqual(ordinals(model), [0, 1])
  }

  @Test func aSharedLayerHasItsFirstPlace() {
    let shared = Dropout(0.5)
    let model = Sequential(shared, Dropout(0.5), shared)
    model.train()
    expectEqual(ordinals(model), [0, 1])
  }

  @Test func pinnedNumbersStayAndOthersKeepOutOfTheirWay() {
    let model = Sequential(Dropout(0.5), Dropout(0.5, stream: 7), Dropout(0.5))
    model.train()
    expectEqual(ordinals(model), [0, 7, 2])

    let crossed = Sequential(Dropout(0.5, stream: 1), Dropout(0.5), Dropout(0.5), Dropout(0.5, stream: 4))
    crossed.train()
    expectEqual(ordinals(crossed), [1, 5, 2, 4])
    crossed.train()
    expectEqual(ordinals(crossed), [1, 5, 2, 4])
  }
}
