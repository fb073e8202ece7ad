import MoultCore

/// The batches of one epoch over a data set. Each batch is made when it is requested.
public struct Batches: Sequence, Sendable {
  private let data: Dataset
  private let order: [Int]
  private let size: Int

  init(_ data: Dataset, order: [Int], size: Int, droppingLast: Bool) {
    self.data = data
    self.size = size
    self.order = droppingLast ? Array(order.prefix(order.count / size * size)) : order
  }

  /// Returns the batches without the first `count` samples.
  func dropping(firstSamples count: Int) -> Batches {
    Batches(data, order: Array(order.dropFirst(count)), size: size, droppingLast: false)
  }

  /// The number of batches.
  public var count: Int { order.isEmpty ? 0 : (order.count - 1) / size + 1 }
  /// The number of batches, as `Sequence` requires it.
  public var underestimatedCount: Int { count }

  /// Returns an iterator that begins at the first batch.
  public func makeIterator() -> Iterator { Iterator(batches: self) }

  /// An iterator over the batches.
  public struct Iterator: IteratorProtocol {
    private let batches: Batches
    private var position = 0

    init(batches: Batches) { self.batches = batches }

    /// Returns the next batch, or nil after the last one.
    public mutating func next() -> Batch? {
      guard position < batches.order.count else { return nil }
      let end = position + Swift.min(batches.size, batches.order.count - position)
      defer { position = end }
      return batches.data.batch(at: Array(batches.order[position..<end]))
    }
  }
}

extension Dataset {
  /// Returns the samples in batches.
  ///
  /// - Parameters:
  ///   - size: The number of samples of a batch, at least 1. The last batch may be smaller.
  ///   - seed: The seed of the shuffling: equal seeds and epochs give the same order on every machine. nil to keep the
  ///     order of the data set.
  ///   - epoch: The number of the epoch, from 0. With the same seed each epoch has a different order.
  ///   - droppingLast: Whether to leave out the last batch if it is smaller than the others.
  public func batches(
    of size: Int, shuffledBy seed: UInt64? = nil, epoch: Int = 0, droppingLast: Bool = false
  ) -> Batches {
    require(size > 0, "Dataset.batches(of:): expected a size from 1 on, got \(size)")
    let order = seed.map { shuffledIndices(count: count, seed: $0, epoch: epoch) } ?? Array(0..<count)
    return Batches(self, order: order, size: size, droppingLast: droppingLast)
  }
}
