import MoultCore
import MoultPlatform

/// Saves the training or the model during a run: after the best epoch, after every epoch, or after every few epochs.
///
/// ```swift
/// let last = Checkpoint(.last, to: "run/checkpoint.safetensors", identity: "digits, first try")
/// let best = Checkpoint(.best(.validationLoss), of: .model, to: "run/best.safetensors")
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [last, best])
/// ```
///
/// A file is replaced atomically, so a crash leaves the previous file intact. To resume a run from a file with the
/// content `.state`, call `trainer.load(try TrainingState.read(path, identity: ...))`.
public final class Checkpoint: StatefulCallback {
  /// The times at which a file is written.
  public enum Moment: Sendable {
    /// After each epoch whose metric is better than in all epochs before. Each file replaces the previous one.
    case best(EarlyStopping.Figure)
    /// After every epoch, and when a stop is requested within an epoch. Each file replaces the previous one.
    case last
    /// After epochs `epochs`, 2 · `epochs` and so on. Each file has the number of the epoch in its name
    /// (`checkpoint-0010.safetensors`). With `keeping`, only that many of the newest files are kept.
    case every(epochs: Int, keeping: Int? = nil)
  }

  /// The content of a file.
  public enum Content: Sendable {
    /// The whole training, from which a run can be resumed.
    case state
    /// The model only, as `Module.save(to:)` writes it.
    case model
  }

  /// The times at which a file is written.
  public let moment: Moment
  /// The content of a file.
  public let content: Content
  /// The path of the file. With `.every` the epoch is inserted before the last dot of the file name.
  public let path: String
  /// The identity of the training that is stored in a file with the content `.state`.
  public let identity: String
  /// The best value of the metric so far with `.best`; nil before the first epoch.
  public private(set) var best: Double?
  private var isDue = false

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - moment: The times at which a file is written. `epochs` and `keeping` are at least 1.
  ///   - content: The content of a file.
  ///   - path: The path of the file, in an existing folder.
  ///   - identity: A name that distinguishes this training from others; `TrainingState.read` can check it.
  public init(_ moment: Moment, of content: Content = .state, to path: String, identity: String = "") {
    if case .every(let epochs, let keeping) = moment {
      require(epochs >= 1, "Checkpoint: expected every(epochs:) >= 1, got \(epochs)")
      if let keeping { require(keeping >= 1, "Checkpoint: expected keeping >= 1 files, got \(keeping)") }
    }
    (self.moment, self.content, self.path, self.identity) = (moment, content, path, identity)
  }

  /// Checks whether the epoch has the best metric so far.
  ///
  /// - Throws: An error of code `.usage` if the epoch does not have the metric.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    guard case .best(let figure) = moment else { return }
    guard let value = figure.value(epoch) else { throw figure.missing("Checkpoint") }
    isDue = figure.isBetter(value, than: best)
    if isDue { best = value }
  }

  /// Writes the file, if it is time to.
  ///
  /// - Throws: An error of code `.cannotWrite` if the file cannot be written.
  public func onSavePoint(_ point: SavePoint) throws(MoultError) {
    switch moment {
    case .best:
      if isDue { try write(point, to: path) }
      isDue = false
    case .last: try write(point, to: path)
    case .every(let epochs, let keeping):
      guard point.epoch != nil, point.completedEpochs.isMultiple(of: epochs) else { return }
      try write(point, to: path(ofEpoch: point.completedEpochs))
      // The old file is found by its name, so a resumed run also removes files that the earlier process has written.
      if let keeping, point.completedEpochs > keeping * epochs {
        unlink(path(ofEpoch: point.completedEpochs - keeping * epochs))
      }
    }
  }

  private func write(_ point: SavePoint, to path: String) throws(MoultError) {
    switch content {
    case .state: try point.state.write(to: path, identity: identity)
    case .model: try point.saveModel(to: path)
    }
  }

  /// Returns the path of the file of an epoch with `.every`: `run/checkpoint-0010.safetensors` for the path
  /// `run/checkpoint.safetensors` and epoch 10.
  public func path(ofEpoch epoch: Int) -> String {
    let digits = String(epoch)
    let number = "-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[nameStart...].lastIndex(of: "."), dot > nameStart else { return path + number }
    return path[..<dot] + number + path[dot...]
  }

  /// Returns the best value of the metric so far as `checkpoint.best`.
  ///
  /// - Returns: Tensors by name; empty if there is no best value.
  public func stateDictionary() -> [String: Tensor] {
    var state = CallbackState(prefix: Self.prefix)
    if let best { state.set("best", best) }
    return state.entries
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a `Checkpoint` with the same metric.
  /// - Throws: An error of code `.badData` if the entries do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = CallbackState(prefix: Self.prefix, entries: state)
    let best: Double?
    if case .best = moment, !state.isEmpty { best = try rest.takeNumber("best") } else { best = nil }
    try rest.requireEmpty()
    self.best = best
  }

  private static let prefix = "checkpoint"
}
