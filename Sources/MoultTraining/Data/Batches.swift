import MoultCore

/// The batches of one pass over a data set, made one by one as they are asked for.
public struct Batches: Sequence, Sendable {
  private let data: Dataset
  private let order: [Int]
  private let size: Int

  init(_ data: Dataset, order: [Int], size: Int, droppingLast: Bool) {
    self.data = data
    self.size = size
    self.order = droppingLast ? Array(order.prefix(order.count / size * size)) : order
  }

  /// The same pass without its first `count` samples.
  func dropping(firstSamples count: Int) -> Batches {
    Batches(data, order: Array(order.dropFirst(count)), size: size, droppingLast: false)
  }

  /// The number of batches.
  public var count: Int { order.isEmpty ? 0 : (order.count - 1) / size + 1 }
  /// The same, for `Sequence`.
  public var underestimatedCount: Int { count }

  /// Begins at the first batch.
  public func makeIterator() -> Iterator { Iterator(batches: self) }

  /// Makes one batch after the other.
  public struct Iterator: IteratorProtocol {
    private let batches: Batches
    private var position = 0

    init(batches: Batches) { self.batches = batches }

    /// The next batch, or nil after the last.
    public mutating func next() -> Batch? {
      guard position < batches.order.count else { return nil }
      let end = position + Swift.min(batches.size, batches.order.count - position)
      defer { position = end }
      return batches.data.batch(at: Array(batches.order[position..<end]))
    }
  }
}

extension Dataset {
  /// The samples in batches.
  ///
  /// - Parameters:
  ///   - size: samples in a batch; the last batch holds the rest.
  ///   - seed: shuffles them, the same way for the same seed and epoch on every machine; nil keeps their order.
  ///   - epoch: which pass over the data this is, so that each has an order of its own.
  ///   - droppingLast: leaves out the last batch where it would be smaller than the others.
  public func batches(
    of size: Int, shuffledBy seed: UInt64? = nil, epoch: Int = 0, droppingLast: Bool = false
  ) -> Batches {
    require(size > 0, "Dataset.batches(of:): expected a size from 1 on, got \(size)")
    let order = seed.map { shuffledIndices(count: count, seed: $0, epoch: epoch) } ?? Array(0..<count)
    return Batches(self, order: order, size: size, droppingLast: droppingLast)
  }
}
