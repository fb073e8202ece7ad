import MoultCore
import MoultNN

/// The functions by which a trainer computes the loss of a batch.
struct LossFunctions<Model: Module> {
  /// Returns the mean loss of a batch, and the outputs of the model for accuracy and metrics; nil if they are unknown.
  typealias Function = (_ model: Model, _ batch: Batch) -> (output: Tensor?, loss: Tensor)

  /// The loss that training steps minimize.
  let training: Function
  /// The loss that is reported for validation data.
  let validation: Function
  /// Whether the functions take the weights of the samples into account.
  let takesWeights: Bool
}
