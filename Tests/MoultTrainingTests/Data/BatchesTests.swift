import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct BatchesTests {
  @Test func batchesCoverAllSamplesInOrderAndKeepTheShortOne() {
    let batches = TensorDatasetTests.data.batches(of: 4)
    expectEqual(batches.count, 3)
    expectEqual(batches.map(\.indices), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    expectEqual(batches.map(\.inputs.shape), [[4, 2], [4, 2], [2, 2]])
  }

  @Test func theShortBatchCanBeDropped() {
    let batches = TensorDatasetTests.data.batches(of: 4, droppingLast: true)
    expectEqual(batches.count, 2)
    expectEqual(batches.map(\.count), [4, 4])
    expectEqual(TensorDatasetTests.data.batches(of: 11, droppingLast: true).count, 0)
    expectEqual(TensorDatasetTests.data.batches(of: 10, droppingLast: true).count, 1)
  }

  @Test func shufflingIsDecidedBySeedAndEpoch() {
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      TensorDatasetTests.data.batches(of: 3, shuffledBy: seed, epoch: epoch).flatMap(\.indices)
    }
    expectEqual(order(1, 0).sorted(), Array(0..<10))
    expectEqual(order(1, 0), order(1, 0))
    expectEqual(order(1, 0), shuffledIndices(count: 10, seed: 1, epoch: 0))
    expectNotEqual(order(1, 0), order(1, 1))
    expectNotEqual(order(1, 0), order(2, 0))
  }

  @Test func epochsAreCounted() {
    let epochs = TensorDatasetTests.data.epochs(3, of: 4, shuffledBy: 1).map { $0.map(\.indices) }
    expectEqual(epochs.count, 3)
    for (epoch, batches) in epochs.enumerated() {
      expectEqual(batches, TensorDatasetTests.data.batches(of: 4, shuffledBy: 1, epoch: epoch).map(\.indices))
    }
    expectTrue(Set(epochs).count == 3)
    let short = TensorDatasetTests.data.epochs(2, of: 4, shuffledBy: 1, droppingLast: true)
    expectEqual(short.map { $0.map(\.count) }, [[4, 4], [4, 4]])
    expectEqual(Array(TensorDatasetTests.data.epochs(0, of: 4, shuffledBy: 1)).count, 0)
  }

  @Test(arguments: [(-1, 4, "expected 0 epochs or more, got -1"), (1, 0, "expected a size from 1 on, got 0")])
  func epochsOfNothingAreRefused(count: Int, size: Int, message: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [count, size] in _ = TensorDatasetTests.data.epochs(count, of: size, shuffledBy: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(text.contains("TensorDataset.epochs(_:of:shuffledBy:): \(message)"))
  }

  @Test func anEmptyDataSetHasNoBatches() {
    expectTrue(Array(TensorDatasetTests.data.prefix(0).batches(of: 4)).isEmpty)
  }

  @Test func batchesOfNothingAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorDatasetTests.data.batches(of: 0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(text.contains("expected a size from 1 on, got 0"))
  }

  @Test func aSizeBeyondAllSamplesIsOneBatch() {
    let batches = TensorDatasetTests.data.batches(of: .max)
    expectEqual(batches.count, 1)
    expectEqual(batches.map(\.count), [10])
    expectEqual(TensorDatasetTests.data.prefix(0).batches(of: .max).count, 0)
  }
}
