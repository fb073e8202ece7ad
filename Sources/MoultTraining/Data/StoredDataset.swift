import MoultCore
import MoultFormats

/// Samples in files of arrays that are read while training: they may be larger than memory.
///
/// ```swift
/// let archive = try NPZArchive("big.npz")
/// let samples = try StoredDataset(inputs: archive.open("x_train"), labels: archive.open("y_train"))
/// try trainer.fit(samples, validation: data.test, epochs: 20, batchSize: 100)
/// ```
///
/// The file is read in blocks of neighboring samples, and shuffled as ``Shuffling/blocks(of:buffered:)`` says; a
/// background thread reads eight batches ahead.
///
/// - Inputs `[N, ...]`: bytes become `float32` in 0…1; other numbers become `float32`. A vector becomes `[N, 1]`.
/// - Labels: Integers and truth values, `[N]` or `[N, 1]`, are class numbers from 0 and become `int32` `[N]`. Floats
///   are target values and become `float32` `[N, K]`; a vector becomes `[N, 1]`.
/// - Memory: `bufferedBlocks` blocks, those of a batch, and the batches that are read ahead.
public struct StoredDataset: Dataset {
  private let inputs: StoredArray
  private let labels: StoredArray
  private let cache: BlockCache
  private let bufferedBlocks: Int

  /// Makes a data set and reads its first sample.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, `[N, ...]`.
  ///   - labels: The labels, `[N, ...]`, with the same N as the inputs.
  ///   - blockSize: The number of samples of a block, at least 1; nil for blocks of about 256 KiB.
  ///   - bufferedBlocks: The number of blocks whose samples are shuffled among themselves, at least 1.
  /// - Throws: An error of code `.badData` if the arrays are empty, do not fit together, or are not inputs or labels;
  ///   of code `.noInput` if reading fails.
  public init(
    inputs: StoredArray, labels: StoredArray, blockSize: Int? = nil, bufferedBlocks: Int = 16
  ) throws(MoultError) {
    let blockSize = blockSize ?? BlockCache.blockSize(sampleByteCount: inputs.rowByteCount + labels.rowByteCount)
    require(
      blockSize > 0 && bufferedBlocks > 0,
      "StoredDataset: expected a block size and a number of blocks from 1 on, got \(blockSize) and \(bufferedBlocks)")
    guard inputs.shape[0] == labels.shape[0], inputs.shape[0] > 0 else {
      throw MoultError(
        .badData, "expected as many labels as inputs, at least 1, got \(labels.shape[0]) and \(inputs.shape[0])",
        location: labels.location)
    }
    (self.inputs, self.labels, self.bufferedBlocks) = (inputs, labels, bufferedBlocks)
    cache = BlockCache(count: inputs.shape[0], blockSize: blockSize, capacity: bufferedBlocks)
    _ = try samples(0..<1)
  }

  /// The number of samples.
  public var count: Int { inputs.shape[0] }

  /// Blocks, as they are read from the files.
  public var shuffling: Shuffling { .blocks(of: cache.blockSize, buffered: bufferedBlocks) }

  /// Eight batches, which the training goes on with while the next blocks are read.
  public var prefetchedBatches: Int { 8 }

  /// Returns the samples at `indices`. An index outside `0..<count` stops the program.
  ///
  /// - Throws: An error of code `.badData` if a file was changed, a class number is out of range or a float is not
  ///   finite; of code `.noInput` if reading fails.
  public func batch(at indices: [Int]) throws(MoultError) -> Batch {
    try cache.batch(
      at: indices,
      willLoad: {
        inputs.willRead($0)
        labels.willRead($0)
      },
      load: { range throws(MoultError) in try samples(range) })
  }

  private func samples(_ range: Range<Int>) throws(MoultError) -> TensorDataset {
    TensorDataset(
      inputs: try SampleArrays.inputs(inputs.rows(range), inputs.location, firstRow: range.lowerBound),
      labels: try SampleArrays.labels(labels.rows(range), labels.location, firstRow: range.lowerBound))
  }
}
