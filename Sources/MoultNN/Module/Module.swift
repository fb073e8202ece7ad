import MoultCore

/// A piece of a network: a layer, a block, or a whole model.
///
/// Conform a struct or a final class, keep layers in its properties, and say what a forward pass does:
///
/// ```swift
/// struct Block: Module {
///   let linear = Linear(784, 256)
///   let dropout = Dropout(0.5)
///
///   func callAsFunction(_ x: Tensor) -> Tensor { dropout(relu(linear(x))) }
/// }
/// ```
///
/// Everything else is found by reflection: parameters and their names are the paths of the properties
/// (`linear.weight`), so a module declares nothing twice. Reflection runs once per call of `parameters()`, `train()`
/// and the like, and never in a forward pass.
///
/// Layers are reference types. A copy of a struct model therefore shares its weights with the original; to get a model
/// of its own, make a new one and `load` the state dictionary of the first.
public protocol Module<Input, Output>: Sendable {
  /// The type of the input, `Tensor` by default.
  associatedtype Input = Tensor
  /// The type of the output, `Tensor` by default.
  associatedtype Output = Tensor

  /// The forward pass.
  ///
  /// - Parameter x: The input.
  /// - Returns: The output.
  func callAsFunction(_ x: Input) -> Output
}
