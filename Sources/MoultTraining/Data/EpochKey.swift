import MoultCore

/// The seed and number of an epoch, of which its order of samples and its random transforms are a function.
public struct EpochKey: Sendable, Hashable {
  /// The seed of the training.
  public let seed: UInt64
  /// The number of the epoch, in 0..<2^32.
  public let epoch: Int
  /// The number of transforms between the reader and the data set that gets this key.
  let transforms: UInt32

  /// Makes a key.
  public init(seed: UInt64, epoch: Int) { self.init(seed: seed, epoch: epoch, transforms: 0) }

  private init(seed: UInt64, epoch: Int, transforms: UInt32) {
    require((0..<1 << 32).contains(epoch), "EpochKey: expected an epoch in 0..<2^32, got \(epoch)")
    (self.seed, self.epoch, self.transforms) = (seed, epoch, transforms)
  }

  /// The key of the data set that a transform reads.
  var belowTransform: EpochKey { EpochKey(seed: seed, epoch: epoch, transforms: transforms + 1) }

  /// The step of the mask law that stands for the epoch.
  var step: UInt32 { UInt32(epoch) }
}
