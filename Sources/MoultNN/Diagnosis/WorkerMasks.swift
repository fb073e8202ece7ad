/// The settings that decide which masks a worker draws, where several workers train a model together.
public struct WorkerMasks: Sendable, Equatable {
  /// The seed that the worker passes to `withSeed`.
  public var seed: UInt64
  /// The sample number of row 0 of the worker's batch, 0 to 2³² - 1.
  public var firstSample: Int
  /// The difference between the sample numbers of neighboring rows, 0 to 2³² - 1.
  public var sampleStride: Int
  /// The number of rows of the worker's batch; nil for as many as the batch of `diagnose(on:)` has.
  public var rows: Int?

  /// Makes the settings from the values that the worker passes to `withSeed` and `withStep`.
  ///
  /// Sample numbers above 2³² - 1 stop the program in `diagnose(on:)`.
  ///
  /// - Parameters:
  ///   - seed: The seed of the worker.
  ///   - firstSample: The sample number of row 0 of the worker's batch, 0 to 2³² - 1.
  ///   - sampleStride: The difference between the sample numbers of neighboring rows, 0 to 2³² - 1.
  ///   - rows: The number of rows of the worker's batch; nil for as many as the batch of `diagnose(on:)` has.
  public init(seed: UInt64 = 0, firstSample: Int, sampleStride: Int = 1, rows: Int? = nil) {
    self.seed = seed
    self.firstSample = firstSample
    self.sampleStride = sampleStride
    self.rows = rows
  }
}
