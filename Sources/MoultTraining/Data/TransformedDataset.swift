import MoultCore

extension Dataset {
  /// Returns a data set whose batches are those of this one, changed by `transform`.
  ///
  /// Random numbers come from `draws`; they do not depend on threads, prefetching, the size of batches or an
  /// interruption. Outside of an epoch, as in `evaluate` and `batches(of:)`, they are those of epoch 0 of seed 0.
  ///
  /// ```swift
  /// let noisy = data.train.transformed { batch, draws in
  ///   let noise = draws.normal(Array(batch.inputs.shape.dropFirst()), standardDeviation: 0.1)
  ///   return batch.replacing(inputs: batch.inputs + noise)
  /// }
  /// try trainer.fit(noisy.prefetched(), validation: data.test, epochs: 20, batchSize: 100)
  /// ```
  ///
  /// - Parameter transform: Returns the changed batch, of as many samples. It may run on a background thread, and must
  ///   depend on its arguments only.
  public func transformed(
    _ transform: @escaping @Sendable (_ batch: Batch, _ draws: inout BatchDraws) throws(MoultError) -> Batch
  ) -> some Dataset {
    TransformedDataset(base: self, transform: transform)
  }
}

private struct TransformedDataset: Dataset {
  let base: any Dataset
  let transform: @Sendable (Batch, inout BatchDraws) throws(MoultError) -> Batch

  var count: Int { base.count }
  var shuffling: Shuffling { base.shuffling }
  var prefetchedBatches: Int { base.prefetchedBatches }

  func batch(at indices: [Int]) throws(MoultError) -> Batch {
    try batch(at: indices, of: EpochKey(seed: 0, epoch: 0))
  }

  func batch(at indices: [Int], of epoch: EpochKey) throws(MoultError) -> Batch {
    let batch = try base.batch(at: indices, of: epoch.belowTransform)
    var draws = BatchDraws(epoch, samples: indices)
    return try transform(batch, &draws)
  }
}
