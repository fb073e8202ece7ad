import MoultCore

/// A model that declares its task, so that predictions with it need no `as:`.
///
/// ```swift
/// struct Wind: Module, TaskDeclaring {
///   let task = LearningTask.regression    // two values, not the logits of two classes
///   let hidden = Linear(12, 50), output = Linear(50, 2), dropout = Dropout(0.1)
///
///   func callAsFunction(_ x: Tensor) -> Tensor { output(dropout(relu(hidden(x)))) }
/// }
/// let prediction = Wind().predict(x, passes: 100)
/// ```
///
/// A ``Sequential`` has the task that its last layer declares. `as:` in a call has priority over the declaration.
public protocol TaskDeclaring: Module {
  /// The task, which determines the meaning of the outputs.
  var task: LearningTask { get }
}

extension Module {
  /// The task that the model declares; nil if it does not.
  var declaredTask: LearningTask? {
    (self as? any TaskDeclaring)?.task ?? (self as? Sequential)?.layers.last?.declaredTask
  }
}
