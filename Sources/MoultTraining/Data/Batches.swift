import MoultCore

/// The batches of one epoch over a data set. Each batch is made when it is requested.
public struct Batches: Sequence, Sendable {
  private let data: TensorDataset
  private let order: [Int]
  private let size: Int

  init(_ data: TensorDataset, order: [Int], size: Int, droppingLast: Bool) {
    self.data = data
    self.size = size
    self.order = droppingLast ? Array(order.prefix(order.count / size * size)) : order
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

/// Epochs over a data set, each with its batches in an order of its own.
public struct Epochs: Sequence, Sendable {
  fileprivate let data: TensorDataset
  fileprivate let count: Int
  fileprivate let size: Int
  fileprivate let seed: UInt64
  fileprivate let droppingLast: Bool

  /// The number of epochs, as `Sequence` requires it.
  public var underestimatedCount: Int { count }

  /// Returns an iterator that begins with the first epoch.
  public func makeIterator() -> Iterator { Iterator(epochs: self) }

  /// An iterator over the epochs.
  public struct Iterator: IteratorProtocol {
    fileprivate let epochs: Epochs
    private var epoch = 0

    fileprivate init(epochs: Epochs) { self.epochs = epochs }

    /// Returns the batches of the next epoch, or nil after the last one.
    public mutating func next() -> Batches? {
      guard epoch < epochs.count else { return nil }
      defer { epoch += 1 }
      return epochs.data.batches(
        of: epochs.size, shuffledBy: epochs.seed, epoch: epoch, droppingLast: epochs.droppingLast)
    }
  }
}

extension TensorDataset {
  /// Returns epochs, each with its batches in an order of its own.
  ///
  /// ```swift
  /// for batches in data.train.epochs(20, of: 100, shuffledBy: 1) {
  ///   for batch in batches { optimizer.step(minimizing: crossEntropy(model(batch.inputs), batch.labels)) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - count: The number of epochs, at least 0.
  ///   - size: The number of samples of a batch, at least 1. The last batch of an epoch may be smaller.
  ///   - seed: The seed of the shuffling. The orders are those of a `Trainer` with this seed.
  ///   - droppingLast: Whether to leave out the last batch of an epoch if it is smaller than the others.
  /// - Complexity: O(1); an epoch is shuffled when it begins, in O(*n*).
  public func epochs(_ count: Int, of size: Int, shuffledBy seed: UInt64, droppingLast: Bool = false) -> Epochs {
    require(count >= 0, "TensorDataset.epochs(_:of:shuffledBy:): expected 0 epochs or more, got \(count)")
    require(size > 0, "TensorDataset.epochs(_:of:shuffledBy:): expected a size from 1 on, got \(size)")
    return Epochs(data: self, count: count, size: size, seed: seed, droppingLast: droppingLast)
  }

  /// Returns the samples in batches, in the order of the data set.
  ///
  /// - Parameters:
  ///   - size: The number of samples of a batch, at least 1. The last batch may be smaller.
  ///   - droppingLast: Whether to leave out the last batch if it is smaller than the others.
  public func batches(of size: Int, droppingLast: Bool = false) -> Batches {
    require(size > 0, "TensorDataset.batches(of:): expected a size from 1 on, got \(size)")
    return Batches(self, order: Array(0..<count), size: size, droppingLast: droppingLast)
  }

  /// Returns the samples of one epoch in shuffled batches.
  ///
  /// - Parameters:
  ///   - size: The number of samples of a batch, at least 1. The last batch may be smaller.
  ///   - seed: The seed of the shuffling: equal seeds and epochs give the same order on every machine.
  ///   - epoch: The number of the epoch, from 0. With the same seed each epoch has a different order;
  ///     ``epochs(_:of:shuffledBy:droppingLast:)`` counts them.
  ///   - droppingLast: Whether to leave out the last batch if it is smaller than the others.
  public func batches(
    of size: Int, shuffledBy seed: UInt64, epoch: Int, droppingLast: Bool = false
  ) -> Batches {
    require(size > 0, "TensorDataset.batches(of:): expected a size from 1 on, got \(size)")
    let order = shuffledIndices(count: count, seed: seed, epoch: epoch)
    return Batches(self, order: order, size: size, droppingLast: droppingLast)
  }

  /// Returns the samples of epoch 0 in shuffled batches. In a loop over epochs, every epoch would have the same order.
  @available(*, deprecated, message: "give the epoch, or use epochs(_:of:shuffledBy:), which counts them")
  public func batches(of size: Int, shuffledBy seed: UInt64, droppingLast: Bool = false) -> Batches {
    batches(of: size, shuffledBy: seed, epoch: 0, droppingLast: droppingLast)
  }
}
