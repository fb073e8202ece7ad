import MoultCore
import MoultNN

/// Predicts for many tasks at once with one model: requests that wait are computed together, on threads of their own.
///
///     let predictor = Predictor(try TrainedModel(contentsOf: "runs/houses"), passes: 100)
///     let house = try await predictor.predict(["size": 84, "kind": "flat"])
///     print(house.number?.mean ?? .nan)
///
/// `TrainedModel.predict` computes on the calling thread; in a server that is one of the few threads on which all tasks
/// run. A predictor's tasks only wait, so a long prediction delays no other task.
///
/// **Batches.** All rows that wait when a computation ends are the next batch, at most `maximumBatchSize`. A request
/// that comes alone is computed at once. A request with more rows is split, and others take turns with it.
///
/// **Masks.** Every row is sample 0 of the mask law, so a row's answer depends on the row, the model, `passes` and
/// `seed` only, not on the rows that share its batch: it is that of
/// `model.predict(rows: [row], passes: passes, seed: seed)`, bit for bit.
///
/// **Cancellation.** If its task is cancelled, a request ends at once with a `CancellationError`. Its waiting rows are
/// removed; a running batch stops, within a batch of passes, if all its requests are cancelled.
///
/// **A full queue.** A request that would make more than `maximumWaitingRows` rows wait ends at once with a
/// ``QueueFullError``.
///
/// The threads end when nothing refers to the predictor any more.
public final class Predictor: Sendable {
  /// The model.
  public let model: TrainedModel
  /// The number of stochastic forward passes of each prediction; 0 for one pass with dropout off.
  public let passes: Int
  /// The seed of the dropout masks.
  public let seed: UInt64
  /// The number of threads that compute.
  public let threads: Int
  /// The largest number of rows that are computed together.
  public let maximumBatchSize: Int
  /// The largest number of rows that wait for their computation.
  public let maximumWaitingRows: Int
  /// Whether columns and categories of a row that the model does not know are errors.
  public let unknown: UnknownValues
  private let queue: BatchQueue<[Float], RowPrediction>

  /// The number of rows that wait for their computation at present.
  public var waitingRows: Int { queue.waitingRows }

  /// Creates a predictor and starts its thread.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - passes: The number of stochastic forward passes, at least 0; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  ///   - threads: The number of threads that compute, 1 to 256. Leave at least one processor to the other tasks.
  ///   - maximumBatchSize: The largest number of rows that are computed together, at least 1. More rows have a higher
  ///     throughput, and let a single row wait longer.
  ///   - maximumWaitingRows: The largest number of rows that wait, at least 1.
  ///   - unknown: Whether columns and categories of a row that the model does not know are errors.
  public init(
    _ model: TrainedModel, passes: Int = 100, seed: UInt64 = 0, threads: Int = 1, maximumBatchSize: Int = 64,
    maximumWaitingRows: Int = 4_096, unknown: UnknownValues = .error
  ) {
    require(passes >= 0, "Predictor: expected passes of 0 or more, got \(passes)")
    require((1...256).contains(threads), "Predictor: expected 1 to 256 threads, got \(threads)")
    require(maximumBatchSize >= 1, "Predictor: expected a maximumBatchSize of at least 1, got \(maximumBatchSize)")
    require(
      maximumWaitingRows >= 1, "Predictor: expected a maximumWaitingRows of at least 1, got \(maximumWaitingRows)")
    (self.model, self.passes, self.seed, self.threads) = (model, passes, seed, threads)
    (self.maximumBatchSize, self.maximumWaitingRows) = (maximumBatchSize, maximumWaitingRows)
    self.unknown = unknown
    queue = BatchQueue(maximumBatchSize: maximumBatchSize, maximumWaitingRows: maximumWaitingRows) { rows, check in
      try withThreads(threads) {
        try model.predictions(
          Tensor(rows.flatMap { $0 }, shape: [rows.count, model.inputSize]), passes: passes, seed: seed,
          masks: .perPass, beforeEachBatch: check)
      }
    }
  }

  /// Predicts a row, a dictionary from column name to number, text or missing value.
  ///
  /// - Throws: As `predict(rows:)`.
  public func predict(_ row: [String: TableValue]) async throws -> RowPrediction { try await predict(rows: [row])[0] }

  /// Predicts a row, an array with one value for each of ``TrainedModel/columnNames``.
  ///
  /// - Throws: As `predict(rows:)`.
  public func predict(_ row: [TableValue]) async throws -> RowPrediction { try await predict(rows: [row])[0] }

  /// Predicts rows, each a dictionary from column name to number, text or missing value.
  ///
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: The `MoultError` that ``TrainedModel/predict(rows:passes:seed:unknown:)`` throws, before any row is
  ///   computed; `CancellationError` if the task is cancelled; ``QueueFullError`` if too many rows wait.
  public func predict(rows: [[String: TableValue]]) async throws -> [RowPrediction] {
    try await queue.answers(to: model.encoded(rows, unknown))
  }

  /// Predicts rows, each an array with one value for each of ``TrainedModel/columnNames``, or with
  /// ``TrainedModel/inputSize`` numbers for a model of images or arrays.
  ///
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: As for rows by column name.
  public func predict(rows: [[TableValue]]) async throws -> [RowPrediction] {
    try await queue.answers(to: model.encoded(rows, unknown))
  }

  /// Predicts rows of inputs that are encoded as in training.
  ///
  /// - Shapes: `inputs: [N, ...]` with ``TrainedModel/inputSize`` values per row; `uint8` inputs are divided by 255.
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: `.usage` for inputs of another size; else as for rows by column name.
  public func predict(_ inputs: Tensor) async throws -> [RowPrediction] {
    try model.check(inputs)
    let values = model.scaled(inputs).scalars(as: Float.self), size = model.inputSize
    let rows = (0..<inputs.shape[0]).map { Array(values[$0 * size..<($0 + 1) * size]) }
    return try await queue.answers(to: rows)
  }
}
