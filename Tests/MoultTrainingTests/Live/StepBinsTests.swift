import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct StepBinsTests {
  @Test func aFewStepsAreKeptOneByOne() throws {
    let fixture = try LiveFixture()
    let bins = fixture.state().bins.bins
    expectEqual(bins.map(\.loss), fixture.recorder.steps.map(\.loss))
    expectEqual(bins.map(\.position), (1...12).map { Double($0) / 4 })
    expectTrue(bins.allSatisfy { $0.samples == 10 && $0.seconds == 1 && $0.steps == 1 })
  }

  @Test func theAccuracyOfStepsAveragesToThatOfTheEpoch() throws {
    let fixture = try LiveFixture()
    let accuracies = fixture.state().bins.bins.compactMap(\.accuracy)
    for (index, epoch) in fixture.recorder.epochs.enumerated() {
      let mean = accuracies[index * 4..<index * 4 + 4].reduce(0, +) / 4
      expectLess(abs(mean - (try unwrapped(epoch.trainAccuracy))), 1e-12)
    }
    expectTrue(accuracies.allSatisfy { (-1e-12...1 + 1e-12).contains($0) })
  }

  @Test func manyStepsShareBinsAndNothingIsLost() throws {
    let fixture = try LiveFixture(samples: 300, epochs: 4, batchSize: 1, validates: false)
    let bins = fixture.state(seconds: 0.5).bins.bins
    expectTrue(bins.count <= StepBins.capacity && bins.count > StepBins.capacity / 4)
    expectEqual(bins.reduce(0) { $0 + $1.steps }, 1_200)
    expectEqual(bins.reduce(0) { $0 + $1.samples }, 1_200)
    expectEqual(bins.reduce(0) { $0 + $1.seconds }, 600)
    let sum = bins.reduce(0) { $0 + $1.loss * Double($1.samples) }
    expectLess(abs(sum - fixture.recorder.steps.reduce(0) { $0 + $1.loss }), 1e-6)
    expectTrue(zip(bins, bins.dropFirst()).allSatisfy { $0.position < $1.position })
    expectEqual(bins.last?.position, 4)
  }
}
