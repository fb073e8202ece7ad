import Moult

/// A trained model with the record of its training data.
struct LoadedModel {
  let trained: TrainedModel
  /// Nil in files of old versions.
  let data: DataRecord?

  /// Loads the model of a run folder, or a model file.
  init(_ path: String) throws(MoultError) {
    trained = try TrainedModel(contentsOf: path)
    data = try DataRecord(trained)
  }
}
