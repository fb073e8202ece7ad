import MoultCore

extension Dataset {
  /// Returns a reader of the samples in batches, in the order of the data set.
  ///
  /// - Parameters:
  ///   - size: The number of samples of a batch, at least 1. The last batch may be smaller.
  ///   - droppingLast: Whether to leave out the last batch if it is smaller than the others.
  public func batches(of size: Int, droppingLast: Bool = false) -> BatchReader {
    BatchReader(BatchSource(self, epoch: nil, order: .sequential, size: size, droppingLast: droppingLast))
  }

  /// Returns a reader of the samples of one epoch in shuffled batches, those that a `Trainer` with this seed trains on.
  ///
  /// - Parameters:
  ///   - size: The number of samples of a batch, at least 1. The last batch may be smaller.
  ///   - seed: The seed of the shuffling: equal seeds and epochs give the same order on every machine.
  ///   - epoch: The number of the epoch, from 0. With the same seed each epoch has a different order.
  ///   - droppingLast: Whether to leave out the last batch if it is smaller than the others.
  public func batches(
    of size: Int, shuffledBy seed: UInt64, epoch: Int, droppingLast: Bool = false
  ) -> BatchReader {
    let key = EpochKey(seed: seed, epoch: epoch)
    return BatchReader(
      BatchSource(
        self, epoch: key, order: SampleOrder(shuffling, of: count, by: key), size: size, droppingLast: droppingLast))
  }

  /// Returns a reader of the batches of each epoch, which has an order of its own.
  ///
  /// ```swift
  /// let samples: any Dataset = data.train
  /// for batches in samples.epochs(20, of: 100, shuffledBy: 1) {
  ///   while let batch = try batches.next() {
  ///     optimizer.step(minimizing: crossEntropy(model(batch.inputs), batch.labels))
  ///   }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - count: The number of epochs, at least 0.
  ///   - size: The number of samples of a batch, at least 1. The last batch of an epoch may be smaller.
  ///   - seed: The seed of the shuffling. The orders are those of a `Trainer` with this seed.
  ///   - droppingLast: Whether to leave out the last batch of an epoch if it is smaller than the others.
  public func epochs(
    _ count: Int, of size: Int, shuffledBy seed: UInt64, droppingLast: Bool = false
  ) -> some Sequence<BatchReader> {
    require(count >= 0, "Dataset.epochs(_:of:shuffledBy:): expected 0 epochs or more, got \(count)")
    return (0..<count).lazy.map { batches(of: size, shuffledBy: seed, epoch: $0, droppingLast: droppingLast) }
  }
}
