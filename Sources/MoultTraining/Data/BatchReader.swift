import MoultCore

/// Reads the batches of one epoch over a data set, one after the other.
///
/// ```swift
/// let batches = (data.train as any Dataset).batches(of: 100, shuffledBy: 1, epoch: 0)
/// while let batch = try batches.next() { print(batch.inputs.shape) }
/// ```
public final class BatchReader {
  /// The number of batches of the epoch.
  public let count: Int
  private let source: BatchSource
  /// The number of samples that have been read or skipped; not used once there is a prefetcher.
  private var position = 0
  private var prefetcher: Prefetcher?

  init(_ source: BatchSource) {
    self.source = source
    count = source.sampleCount == 0 ? 0 : (source.sampleCount - 1) / source.size + 1
  }

  /// Skips the first `count` samples, which ended the batches of an earlier reader. Call it before `next()`.
  func skip(_ count: Int) { position = count }

  deinit { prefetcher?.stop() }

  /// Returns the next batch, or nil after the last one.
  ///
  /// - Throws: The error of the data set for this batch.
  public func next() throws(MoultError) -> Batch? {
    if source.data.prefetchedBatches > 0, prefetcher == nil { prefetcher = try Prefetcher(source, from: position) }
    if let prefetcher { return try prefetcher.next() }
    guard let batch = try source.batch(from: position) else { return nil }
    position += batch.count
    return batch
  }
}

/// The batches of one epoch, each of which can be read by its position.
struct BatchSource: Sendable {
  let data: any Dataset
  /// The key of the epoch; nil if the samples are read outside of a training.
  let epoch: EpochKey?
  let order: SampleOrder
  /// The number of samples of a batch; the last one may be smaller.
  let size: Int
  /// The number of samples of the epoch.
  let sampleCount: Int

  init(_ data: any Dataset, epoch: EpochKey?, order: SampleOrder, size: Int, droppingLast: Bool) {
    require(size > 0, "Dataset.batches(of:): expected a size from 1 on, got \(size)")
    (self.data, self.epoch, self.order, self.size) = (data, epoch, order, size)
    sampleCount = droppingLast ? data.count / size * size : data.count
  }

  /// Returns the batch whose first sample is at `position` of the order; nil at the end.
  func batch(from position: Int) throws(MoultError) -> Batch? {
    guard position < sampleCount else { return nil }
    let indices = order.indices(position..<(position + min(size, sampleCount - position)))
    let batch = if let epoch { try data.batch(at: indices, of: epoch) } else { try data.batch(at: indices) }
    let weights = batch.weights.map { ["weights": $0] } ?? [:]
    let others = batch.extras.merging(weights) { first, _ in first }
    guard batch.inputs.shape.first == indices.count, batch.labels.shape.first == indices.count,
      batch.count == indices.count, others.values.allSatisfy({ $0.shape.first == indices.count })
    else {
      throw MoultError(
        .badData,
        "\(type(of: data)).batch(at:): expected a batch of \(indices.count) samples, got inputs \(batch.inputs.shape), "
          + "labels \(batch.labels.shape)\(others.map { ", \($0) \($1.shape)" }.sorted().joined()) "
          + "and \(batch.count) indices"
      )
    }
    return batch
  }
}
