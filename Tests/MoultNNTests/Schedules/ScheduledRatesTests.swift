import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// A layer of a user of the library.
private final class Leaky: Module, RatedLayer {
  let dropoutState = DropoutState(rate: 0.2, of: "Leaky")
  func callAsFunction(_ x: Tensor) -> Tensor { x * rate }
}

private struct Named: Module {
  let first = Dropout(0.5), second = Dropout(0.2)
  let own = Leaky()
  func callAsFunction(_ x: Tensor) -> Tensor { own(second(first(x))) }
}

@Suite struct ScheduledRatesTests {
  private let model = Named()

  @Test func allLayersFollow() {
    let rates = ScheduledRates(model, LinearSchedule(from: 0, to: 0.4, over: 4))
    rates.apply(at: 1)
    expectEqual(rates.rates, ["first": 0.1, "second": 0.1, "own": 0.1])
    rates.apply(at: 9)
    expectEqual([model.first.rate, model.second.rate, model.own.rate], [0.4, 0.4, 0.4])
  }

  @Test func namedLayersFollowAndOthersStay() {
    ScheduledRates(model, ConstantSchedule(0.9), layers: ["second"]).apply(at: 0)
    expectEqual([model.first.rate, model.second.rate, model.own.rate], [0.5, 0.9, 0.2])
  }

  @Test func eachLayerMayHaveItsOwn() {
    let rates = ScheduledRates(model) { name, rate in name == "own" ? nil : EarlyRate(rate, for: 2) }
    expectEqual(rates.rates, ["first": 0.5, "second": 0.2])
    rates.apply(at: 1)
    expectEqual(rates.rates, ["first": 0.25, "second": 0.1])
    expectEqual(model.own.rate, 0.2)
  }

  @Test func theMaskFollowsTheRate() {
    let layer = Dropout(0.5, stream: 0)
    let rates = ScheduledRates(layer, LateRate(0.5, after: 1))
    let x = Tensor.ones([8, 64])
    rates.apply(at: 0)
    expectEqual(withStep(0) { layer(x) }, x)
    rates.apply(at: 1)
    expectEqual(withStep(1) { layer(x) }, withStep(1) { Dropout(0.5, stream: 0)(x) })
    layer.rate = 1
    expectEqual(layer(x), .zeros([8, 64]))
  }

  @Test func neitherOptimizersNorCheckpointsKnowOfRates() {
    let network = SimpleMLP(inputSize: 2, hiddenSize: 2)
    let (parameters, state) = (network.parameters().count, network.stateDictionary())
    ScheduledRates(network, ConstantSchedule(0.1)).apply(at: 0)
    expectEqual(network.parameters().count, parameters)
    expectEqual(network.stateDictionary(), state)
  }

  @Test func manyTasksMayReadWhileOneSets() async {
    let layer = Dropout(0.25, stream: 0)
    let x = Tensor.ones([4, 256])
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for step in 0..<200 { layer.rate = step.isMultiple(of: 2) ? 0.5 : 0.25 }
        return true
      }
      for _ in 0..<3 {
        group.addTask {
          (0..<50).allSatisfy { _ in
            // A use reads the rate once: its scale belongs to its mask.
            let values = Set(layer(x).scalars(as: Float.self))
            return values == [0, 2] || values == [0, Float(1 / 0.75)]
          }
        }
      }
      for await isSound in group { expectTrue(isSound) }
    }
  }

  @Test func whatCannotBeScheduledIsRefused() async {
    let name = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ScheduledRates(Named(), ConstantSchedule(0.1), layers: ["third"])
    }
    expectTrue(
      message(name).contains("expected layers with a rate, got \"third\"; Named has [\"first\", \"second\", \"own\"]"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ScheduledRates(Linear(2, 2), ConstantSchedule(0.1))
    }
    expectTrue(message(none).contains("ScheduledRates: expected at least one layer to schedule, got none of []"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Dropout(0.5).rate = .nan
    }
    expectTrue(message(rate).contains("Dropout: expected a rate in 0...1, got nan"))
  }
}
