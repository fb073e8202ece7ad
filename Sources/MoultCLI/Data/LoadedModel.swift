import Moult

/// The contents of a model file except its weights, with the record of its training data.
struct DescribedModel {
  let description: ModelDescription
  /// The record of the training data; nil in files of old versions.
  let data: DataRecord?

  init(_ description: ModelDescription) throws(MoultError) {
    self.description = description
    data = try DataRecord(description)
  }
}

/// A trained model with the record of its training data.
struct LoadedModel {
  let trained: TrainedModel
  let described: DescribedModel

  /// Loads the model of a run folder, or a model file.
  ///
  /// - Throws: `.noInput` if there is no such file, `.badData` if it is damaged.
  init(_ path: String) throws(MoultError) {
    trained = try TrainedModel(contentsOf: path)
    described = try DescribedModel(trained.modelDescription)
  }
}
