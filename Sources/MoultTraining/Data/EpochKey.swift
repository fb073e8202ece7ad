/// The seed and number of an epoch, of which its order of samples and its random transforms are a function.
public struct EpochKey: Sendable, Hashable {
  /// The seed of the training.
  public let seed: UInt64
  /// The number of the epoch, from 0 on.
  public let epoch: Int

  /// Makes a key.
  public init(seed: UInt64, epoch: Int) { (self.seed, self.epoch) = (seed, epoch) }
}
