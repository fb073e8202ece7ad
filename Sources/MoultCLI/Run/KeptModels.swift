import Moult

/// Keeps the model of every so many epochs beside the last one. It remembers nothing, so that a run may go on without
/// it.
struct KeptModels: Callback {
  private let checkpoint: Checkpoint

  init(every epochs: Int, path: String) { checkpoint = Checkpoint(.every(epochs: epochs), of: .model, to: path) }

  func onSavePoint(_ point: SavePoint) throws(MoultError) { try checkpoint.onSavePoint(point) }
}
