import Moult
import MoultTestSupport
import Testing

/// Scripts/sanitize runs these under the thread sanitizer.
@Suite struct PrefetcherConcurrencyTests {
  private static let data = TrainingFixture.points(50)

  @Test(arguments: [1, 2, 100]) func batchesComeInOrderAndNotFarAhead(limit: Int) throws {
    let log = ReadLog()
    let data = OwnDataset(base: Self.data, prefetchedBatches: limit, log: log)
    let reader = data.batches(of: 4, shuffledBy: 1, epoch: 0)
    expectEqual(log.count, 0)
    for (number, batch) in Self.data.batches(of: 4, shuffledBy: 1, epoch: 0).enumerated() {
      let got = try unwrapped(reader.next())
      // The thread comes to the limit and stops there: it has time for more while the count is looked at again and
      // again.
      let most = min(number + 1 + limit, 13)
      while log.count < most {}
      expectTrue((0..<5_000).allSatisfy { _ in log.count == most })
      expectEqual(got.indices, batch.indices)
      expectEqual(got.inputs, batch.inputs)
    }
    expectNil(try reader.next())
    expectNil(try reader.next())
    expectEqual(log.count, 13)
  }

  @Test func anErrorComesAtItsBatch() throws {
    let log = ReadLog()
    let reader = OwnDataset(base: Self.data, prefetchedBatches: 9, damaged: 13, log: log).batches(of: 4)
    for first in [0, 4, 8] {
      expectEqual(try reader.next()?.indices, Array(first..<(first + 4)))
      // The thread has come to the error, and batches before it are still there.
      while log.count < 4 {}
    }
    for _ in 0..<2 {
      try expectEqual(moultError { _ = try reader.next() }.message, "row 13 is damaged")
    }
  }

  @Test func nothingIsReadAfterTheLoopWasLeft() throws {
    let log = ReadLog(), data = OwnDataset(base: Self.data, prefetchedBatches: 3, log: log)
    for taken in 0..<13 {
      let before = log.count
      var reader: BatchReader? = data.batches(of: 4)
      for _ in 0..<taken { _ = try reader?.next() }
      reader = nil
      // The thread has ended, so the count is final.
      let read = log.count - before
      expectTrue(taken == 0 ? read == 0 : (taken...(taken + 3)).contains(read), "\(read) of \(taken)")
    }
  }
}
