import Moult
import MoultTestSupport
import Testing

@Suite struct SampleOrderTests {
  /// The section `orders` of Tests/Reference/masklaw.json, which Scripts/reference/make_masklaw.py wrote.
  private struct File: Decodable {
    let orders: [Order]
    struct Order: Decodable {
      let seed: String
      let epoch, count: Int
      let block, buffered: Int?
      let order: [Int]
    }
  }

  private static func data(_ count: Int, _ shuffling: Shuffling) -> OwnDataset {
    OwnDataset(
      base: TensorDataset(inputs: Tensor.zeros([count, 1]), labels: Tensor.zeros([count])), shuffling: shuffling)
  }

  private func order(_ data: OwnDataset, size: Int = 7, seed: UInt64 = 1, epoch: Int = 0) throws -> [Int] {
    try remainingIndices(data.batches(of: size, shuffledBy: seed, epoch: epoch)).flatMap { $0 }
  }

  @Test func computedOrdersAreThoseOfTheReference() throws {
    let orders = try ReferenceFiles.decode(File.self, from: "masklaw.json").orders
    expectEqual(orders.count, 13)
    for known in orders {
      let shuffling: Shuffling =
        if let size = known.block, let buffered = known.buffered { .blocks(of: size, buffered: buffered) } else {
          .keyedPermutation
        }
      let seed = try unwrapped(UInt64(known.seed, radix: 16))
      expectEqual(try order(Self.data(known.count, shuffling), seed: seed, epoch: known.epoch), known.order)
    }
  }

  @Test func everySampleComesOnceHoweverItIsCutIntoBatches() throws {
    for count in [0, 1, 2, 3, 11, 24, 25, 100] {
      for (block, buffered) in [(1, 1), (1, 200), (4, 1), (4, 3), (25, 2), (7, 50), (.max, .max)] {
        let data = Self.data(count, .blocks(of: block, buffered: buffered))
        let whole = try order(data, size: 1_000)
        expectEqual(whole.sorted(), Array(0..<count))
        expectEqual(try order(data, size: 3), whole)
      }
      expectEqual(try order(Self.data(count, .keyedPermutation)).sorted(), Array(0..<count))
    }
  }

  @Test func blocksAreReadInLongStretches() throws {
    let shuffled = try order(Self.data(1_000, .blocks(of: 50, buffered: 4)))
    for first in stride(from: 0, to: 1_000, by: 200) {
      expectEqual(Set(shuffled[first..<(first + 200)].map { $0 / 50 }).count, 4)
    }
    expectNotEqual(try order(Self.data(1_000, .blocks(of: 50, buffered: 4)), epoch: 1), shuffled)
  }

  /// 120 orders, 12,000 draws: chi-squared has 119 degrees of freedom, so above 197 it has a probability of 10^-5; if
  /// every second order were a tenth more likely than the others, it would be 239 on average.
  @Test func allOrdersOfFiveAreAlikeInFrequency() throws {
    let data = Self.data(5, .keyedPermutation)
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<12_000 { counts[try order(data, epoch: epoch), default: 0] += 1 }
    let chiSquared = counts.values.reduce(Double(120 - counts.count) * 100) { sum, count in
      sum + Double((count - 100) * (count - 100)) / 100
    }
    expectLess(chiSquared, 197)
  }
}
