import MoultCore

/// A model with the shape of its input, which throws an error for an input of another shape instead of stopping the
/// program.
///
/// ```swift
/// let served = model.accepting([nil, 784])     // any number of rows of 784 numbers
/// let logits = try served.infer(x)
/// let prediction = try served.predict(x, passes: 100)
/// ```
///
/// Use it for inputs that come from outside, such as the requests of a server. A mistake in a model's own forward pass,
/// such as a product of matrices that do not fit, still stops the program.
public struct CheckedModel<Model: Module>: Sendable where Model.Input == Tensor, Model.Output == Tensor {
  /// The model.
  public let model: Model
  /// The size of each axis of the input; nil for an axis of any size.
  public let inputShape: [Int?]
  /// The element type of the input.
  public let inputType: DType

  fileprivate init(_ model: Model, _ inputShape: [Int?], _ inputType: DType) {
    (self.model, self.inputShape, self.inputType) = (model, inputShape, inputType)
  }

  /// Throws an error of code `.badData` if `x` has another shape or element type than the declared one.
  public func check(_ x: Tensor) throws(MoultError) {
    let fits = x.rank == inputShape.count && zip(x.shape, inputShape).allSatisfy { $0 == $1 ?? $0 }
    guard fits && x.dtype == inputType else {
      let wanted = inputShape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
      throw MoultError(
        .badData,
        "\(Model.self): expected an input of shape [\(wanted)] and type \(inputType), got \(x.shape) of \(x.dtype)")
    }
  }

  /// Returns the output of the model in evaluation mode, with gradients off.
  ///
  /// - Parameter x: The input, of the declared shape.
  /// - Throws: An error of code `.badData` for an input of another shape or element type.
  public func infer(_ x: Tensor) throws(MoultError) -> Tensor {
    try check(x)
    return model.infer { model(x) }
  }

  /// Runs the model many times with dropout on and returns the mean and the spread of the outputs, as
  /// ``Module/predict(_:passes:as:masks:until:targets:batchSize:firstSample:)`` does.
  ///
  /// - Parameters:
  ///   - x: The input, of the declared shape.
  ///   - passes: The number of passes, at least 1.
  ///   - task: Whether outputs are class logits or predicted values; nil as in `predict` of the model.
  /// - Throws: An error of code `.badData` for an input of another shape or element type, of code `.usage` for fewer
  ///   passes than 1.
  public func predict(_ x: Tensor, passes: Int, as task: LearningTask? = nil) throws(MoultError) -> Prediction {
    try check(x)
    guard passes > 0 else {
      throw MoultError(.usage, "\(Model.self): expected 1 pass or more, got \(passes)")
    }
    return model.predict(x, passes: passes, as: task)
  }
}

extension Module where Input == Tensor, Output == Tensor {
  /// Returns the model with a declared input shape: it throws an error for an input of another shape.
  ///
  /// - Parameters:
  ///   - inputShape: The size of each axis of the input; nil for an axis of any size, usually the first.
  ///   - dtype: The element type of the input.
  public func accepting(_ inputShape: [Int?], dtype: DType = .float32) -> CheckedModel<Self> {
    require(
      inputShape.allSatisfy { $0 ?? 0 >= 0 }, "accepting: expected sizes of axes from 0 on, got \(inputShape)")
    return CheckedModel(self, inputShape, dtype)
  }
}
