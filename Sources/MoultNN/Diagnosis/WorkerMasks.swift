/// The settings that decide the masks of one of several workers that train a model together.
public struct WorkerMasks: Sendable, Equatable {
  /// The worker's seed.
  public var seed: UInt64
  /// The sample that row 0 of its batch stands for.
  public var firstSample: Int
  /// By how much samples of neighboring rows differ.
  public var sampleStride: Int
  /// The rows of its batch; nil for those of the batch that `diagnose(on:)` gets.
  public var rows: Int?

  /// Takes the values that the worker passes to `withSeed` and `withStep`.
  ///
  /// Samples beyond 2^32 - 1 stop the program in `diagnose(on:)`.
  public init(seed: UInt64 = 0, firstSample: Int, sampleStride: Int = 1, rows: Int? = nil) {
    self.seed = seed
    self.firstSample = firstSample
    self.sampleStride = sampleStride
    self.rows = rows
  }
}
