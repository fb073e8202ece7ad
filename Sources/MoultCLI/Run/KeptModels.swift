import Moult

/// A callback that saves the model at a fixed interval of epochs, in addition to the final model. It has no state, so a
/// run can be resumed without it.
struct KeptModels: Callback {
  private let checkpoint: Checkpoint

  init(every epochs: Int, path: String) { checkpoint = Checkpoint(.every(epochs: epochs), of: .model, to: path) }

  func onSavePoint(_ point: SavePoint) throws(MoultError) { try checkpoint.onSavePoint(point) }
}
