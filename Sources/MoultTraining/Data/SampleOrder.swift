import MoultCore

/// The order in which the samples of an epoch are read.
enum SampleOrder: Sendable {
  /// The order of the data set.
  case sequential
  case listed([Int])
  case computed(KeyedPermutation)
  case blocks(BlockOrder)

  /// The order of `count` samples in the epoch of `key`.
  init(_ shuffling: Shuffling, of count: Int, by key: EpochKey) {
    switch shuffling {
    case .permutation: self = .listed(shuffledIndices(count: count, seed: key.seed, epoch: key.epoch))
    case .keyedPermutation:
      let stream = RandomStream(seed: key.seed, layer: 1, call: 0, domain: .shuffling)
      self = .computed(KeyedPermutation(count, stream: stream, step: key.step))
    case .blocks(let size, let buffered):
      self = .blocks(BlockOrder(count, blocksOf: size, buffered: buffered, by: key))
    }
  }

  /// Returns the indices of the samples at `positions`.
  func indices(_ positions: Range<Int>) -> [Int] {
    switch self {
    case .sequential: Array(positions)
    case .listed(let indices): Array(indices[positions])
    case .computed(let permutation): positions.map { permutation[$0] }
    case .blocks(let order): order.indices(positions)
    }
  }
}
