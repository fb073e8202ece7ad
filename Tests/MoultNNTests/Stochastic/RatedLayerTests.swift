import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct RatedLayerTests {
  /// The layers of the library whose rate can be set, by the name that their messages have.
  private static let names = [
    "Dropout", "AlphaDropout", "GaussianDropout", "Cutout", "DropConnect", "WeightDrop", "DropPath", "LayerDrop",
    "DropBlock", "Embedding", "CategoryEmbedding",
  ]

  /// A layer of a rate of 0.5.
  private static func layer(_ name: String) -> (any RatedLayer)? {
    switch name {
    case "Dropout": Dropout(0.5)
    case "AlphaDropout": AlphaDropout(0.5)
    case "GaussianDropout": GaussianDropout(0.5)
    case "Cutout": Cutout(size: 2, rate: 0.5)
    case "DropConnect": DropConnect(2, 2, rate: 0.5)
    case "WeightDrop": WeightDrop(0.5)
    case "DropPath": DropPath(0.5)
    case "LayerDrop": LayerDrop(0.5, Linear(2, 2))
    case "DropBlock": DropBlock(0.5)
    case "Embedding": Embedding(count: 2, size: 3, rate: 0.5)
    case "CategoryEmbedding": CategoryEmbedding(2, 3, rate: 0.5)
    default: nil
    }
  }

  @Test(arguments: names) func aRateIsWhatItWasSetTo(name: String) throws {
    let layer = try unwrapped(Self.layer(name))
    expectEqual(layer.rate, 0.5)
    layer.rate = 0.25
    expectEqual(layer.rate, 0.25)
    layer.rate = 0
    expectEqual(layer.rate, 0)
  }

  @Test(arguments: names) func aRateThatIsNoneIsNotTaken(name: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [name] in
      RatedLayerTests.layer(name)?.rate = .nan
    }
    expectTrue(message(result).contains("\(name): expected a rate in 0"))
    expectTrue(message(result).contains("got nan"))
  }

  // MARK: - Where a rate is kept

  @Test func aStateKnowsWhetherItsRateWasSet() {
    let state = DropoutState(rate: 0.5, of: "Layer")
    expectTrue(state.rate == 0.5 && !state.rateWasSet)
    state.rate = 0.5
    expectTrue(state.rate == 0.5 && state.rateWasSet)
  }

  /// Readers see one of the rates that were set, never a mixture.
  @Test func tasksReadAndSetAtOnce() async {
    let state = DropoutState(rate: 0, of: "Layer"), rates = [0.1, 0.9, 1e-300]
    let seen = await withTaskGroup(of: Set<Double>.self) { group in
      for rate in rates {
        group.addTask {
          (0..<1000).reduce(into: []) { seen, _ in
            state.rate = rate
            seen.insert(state.rate)
          }
        }
      }
      return await group.reduce(into: Set<Double>()) { $0.formUnion($1) }
    }
    expectTrue(seen.isSubset(of: rates) && rates.contains(state.rate))
  }
}
