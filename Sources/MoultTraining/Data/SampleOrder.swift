import MoultCore

/// The order in which the samples of an epoch are read.
enum SampleOrder: Sendable {
  /// The order of the data set.
  case sequential
  /// The indices in their order.
  case listed([Int])

  /// The order of `count` samples in the epoch of `key`.
  init(shuffling count: Int, by key: EpochKey) {
    self = .listed(shuffledIndices(count: count, seed: key.seed, epoch: key.epoch))
  }

  /// Returns the indices of the samples at `positions`.
  func indices(_ positions: Range<Int>) -> [Int] {
    switch self {
    case .sequential: Array(positions)
    case .listed(let indices): Array(indices[positions])
    }
  }
}
