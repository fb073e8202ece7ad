import MoultCore

/// Samples that are read batch by batch, in any order. They need not fit in memory.
///
/// Two members make a data set that a `Trainer` trains on:
///
/// ```swift
/// struct Squares: Dataset {
///   let count = 1_000
///
///   func batch(at indices: [Int]) throws(MoultError) -> Batch {
///     let x = Tensor(indices.map { Float($0) / 1_000 }, shape: [indices.count, 1])
///     return Batch(inputs: x, labels: x * x, indices: indices)
///   }
/// }
/// ```
///
/// The batches of equal arguments must be equal, whatever was read before: a resumed training reads the same batches
/// as one that was not interrupted. A background thread may call the methods.
public protocol Dataset: Sendable {
  /// The number of samples, which must not change.
  var count: Int { get }

  /// Returns the samples at `indices`, in this order.
  ///
  /// - Parameter indices: Numbers in `0..<count`.
  /// - Returns: A batch of as many inputs and labels as `indices`.
  /// - Throws: An error that says where the data are damaged or cannot be read.
  func batch(at indices: [Int]) throws(MoultError) -> Batch

  /// Returns the samples at `indices` as they are in one epoch: random transforms draw from `epoch`.
  ///
  /// The default is ``batch(at:)``. Data sets that wrap another one hand `epoch` on to it.
  func batch(at indices: [Int], of epoch: EpochKey) throws(MoultError) -> Batch

  /// How the samples are shuffled for an epoch; by default ``Shuffling/permutation``.
  var shuffling: Shuffling { get }

  /// The number of batches that a background thread reads ahead of the loop; by default 0, for no such thread. See
  /// ``prefetched(_:)``.
  var prefetchedBatches: Int { get }
}

extension Dataset {
  /// Returns the samples at `indices`, the same in each epoch.
  public func batch(at indices: [Int], of epoch: EpochKey) throws(MoultError) -> Batch { try batch(at: indices) }

  /// A random permutation of all samples.
  public var shuffling: Shuffling { .permutation }

  /// No background thread.
  public var prefetchedBatches: Int { 0 }
}
