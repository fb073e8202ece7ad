import MoultCore

extension Dataset {
  /// Returns this data set with batches that a background thread reads while the last ones are trained on.
  ///
  /// Batches and errors are the same and come in the same order. The thread is the reader's own; it ends with the
  /// epoch, or when the loop is left.
  ///
  /// - Parameter count: The maximum number of batches that are read ahead, at least 1. More of them even out a slow
  ///   disk, and need memory for as many batches.
  public func prefetched(_ count: Int = 2) -> some Dataset {
    require(count >= 1, "Dataset.prefetched: expected a count from 1 on, got \(count)")
    return PrefetchedDataset(base: self, prefetchedBatches: count)
  }
}

private struct PrefetchedDataset: Dataset {
  let base: any Dataset
  let prefetchedBatches: Int

  var count: Int { base.count }
  var shuffling: Shuffling { base.shuffling }

  func batch(at indices: [Int]) throws(MoultError) -> Batch { try base.batch(at: indices) }

  func batch(at indices: [Int], of epoch: EpochKey) throws(MoultError) -> Batch {
    try base.batch(at: indices, of: epoch)
  }
}
