import MoultCore
import MoultPlatform

/// Saves a run while it goes on: the best epoch, the last one, or every few epochs.
///
/// ```swift
/// let last = Checkpoint(.last, to: "run/checkpoint.safetensors", identity: "digits, first try")
/// let best = Checkpoint(.best(.validationLoss), of: .model, to: "run/best.safetensors")
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [last, best])
/// ```
///
/// Files are replaced whole or not at all: a crash leaves the one before. A run goes on from a file of `.state` by
/// `trainer.load(try TrainingState.read(path, identity: ...))`.
public final class Checkpoint: StatefulCallback {
  /// When a file is written.
  public enum Moment: Sendable {
    /// After each epoch whose figure is better than all before.
    case best(EarlyStopping.Figure)
    /// After each epoch, and when training was asked to stop within one; each file takes the place of the one before.
    case last
    /// After epochs `epochs`, 2 · `epochs` and so on, a file each with the epoch in its name
    /// (`checkpoint-0010.safetensors`); with `keeping` only that many of them stay.
    case every(epochs: Int, keeping: Int? = nil)
  }

  /// What a file holds.
  public enum Content: Sendable {
    /// The whole training, to go on from.
    case state
    /// The model alone, as `Module.save(to:)` writes it.
    case model
  }

  /// When a file is written.
  public let moment: Moment
  /// What a file holds.
  public let content: Content
  /// Where it goes; with `.every` the epoch goes in before the last dot of the name.
  public let path: String
  /// What the training is, for a file with its state.
  public let identity: String
  /// The best figure so far, with `.best`.
  public private(set) var best: Double?
  private var isDue = false

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - moment: When a file is written. The numbers in `.every` are at least 1.
  ///   - content: Whether a file holds the whole training or the model alone.
  ///   - path: The file, in a folder that exists.
  ///   - identity: A name for this training, stored in the file; `TrainingState.read` can refuse a file with another
  ///     name.
  public init(_ moment: Moment, of content: Content = .state, to path: String, identity: String = "") {
    if case .every(let epochs, let keeping) = moment {
      require(epochs >= 1, "Checkpoint: expected every(epochs:) >= 1, got \(epochs)")
      if let keeping { require(keeping >= 1, "Checkpoint: expected keeping >= 1 files, got \(keeping)") }
    }
    (self.moment, self.content, self.path, self.identity) = (moment, content, path, identity)
  }

  /// Looks whether the epoch is the best so far.
  ///
  /// - Throws: An error of code `.usage` if it does not have the figure.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    guard case .best(let figure) = moment else { return }
    guard let value = figure.value(epoch) else { throw figure.missing("Checkpoint") }
    isDue = figure.isBetter(value, than: best)
    if isDue { best = value }
  }

  /// Writes the file, if one is due.
  public func onSavePoint(_ point: SavePoint) throws(MoultError) {
    switch moment {
    case .best:
      if isDue { try write(point, to: path) }
      isDue = false
    case .last: try write(point, to: path)
    case .every(let epochs, let keeping):
      guard point.epoch != nil, point.completedEpochs.isMultiple(of: epochs) else { return }
      try write(point, to: path(ofEpoch: point.completedEpochs))
      // By its name, so that a run that went on in another process clears up behind the first.
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

  /// Where `.every` puts the file of an epoch: `run/checkpoint.safetensors` becomes `run/checkpoint-0010.safetensors`.
  public func path(ofEpoch epoch: Int) -> String {
    let digits = String(epoch)
    let number = "-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[nameStart...].lastIndex(of: "."), dot > nameStart else { return path + number }
    return path[..<dot] + number + path[dot...]
  }

  /// The best figure so far: `checkpoint.best`.
  ///
  /// - Returns: Tensors by name; none without a figure.
  public func stateDictionary() -> [String: Tensor] {
    var state = CallbackState(prefix: Self.prefix)
    if let best { state.set("best", best) }
    return state.entries
  }

  /// Puts back what `stateDictionary()` gave.
  ///
  /// - Parameter state: What a `Checkpoint` of the same figure gave.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = CallbackState(prefix: Self.prefix, entries: state)
    let best: Double?
    if case .best = moment, !state.isEmpty { best = try rest.takeNumber("best") } else { best = nil }
    try rest.requireEmpty()
    self.best = best
  }

  private static let prefix = "checkpoint"
}
