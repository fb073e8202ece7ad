import Moult
import MoultTestSupport
import Synchronization

/// A data set of another package: arrays behind the protocol, with the shuffling and prefetching of the test.
struct OwnDataset: Dataset {
  let base: TensorDataset
  var shuffling = Shuffling.permutation
  var prefetchedBatches = 0
  /// The index of a sample that cannot be read.
  var damaged: Int?
  /// The number of samples that a batch has too many.
  var extra = 0
  var log: ReadLog?

  var count: Int { base.count }

  func batch(at indices: [Int]) throws(MoultError) -> Batch {
    log?.add(indices)
    if let damaged, indices.contains(damaged) { throw MoultError(.badData, "row \(damaged) is damaged") }
    return base.batch(at: indices + [Int](repeating: 0, count: extra))
  }
}

/// What was read of a data set, on any thread.
final class ReadLog: Sendable {
  private let batches = Mutex<[[Int]]>([])

  var count: Int { batches.withLock { $0.count } }

  func add(_ indices: [Int]) { batches.withLock { $0.append(indices) } }
}

/// The indices of all batches that are left.
func remainingIndices(_ reader: BatchReader) throws -> [[Int]] {
  var result: [[Int]] = []
  while let batch = try reader.next() { result.append(batch.indices) }
  return result
}

/// Expects batches of a data set to be those of arrays in memory, bit for bit: the same one twice, and in any order.
func expectSameBatches(_ data: some Dataset, _ arrays: TensorDataset) throws {
  expectEqual(data.count, arrays.count)
  let all = Array(0..<arrays.count)
  for indices in [all, all.reversed(), all, [arrays.count - 1, 0, 0], []] {
    let (got, wanted) = (try data.batch(at: indices), arrays.batch(at: indices))
    expectEqual(got.indices, indices)
    expectEqual(got.inputs.dtype, wanted.inputs.dtype)
    expectEqual(got.labels.dtype, wanted.labels.dtype)
    expectEqual(got.inputs, wanted.inputs)
    expectEqual(got.labels, wanted.labels)
  }
}
