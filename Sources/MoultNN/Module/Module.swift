import MoultCore

/// A layer, a block of layers, or a whole model.
///
/// To make one, conform a struct or a final class, store layers in its properties, and define the forward pass:
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
/// Reflection finds all parameters; the name of a parameter is the path of its property (`linear.weight`), so layers
/// need no registration. Reflection runs once in each call of `parameters()`, `train()` and similar methods, and never
/// in a forward pass.
///
/// Layers are reference types, so a copy of a struct model shares its weights with the original. `clone { }` returns an
/// independent copy.
public protocol Module<Input, Output>: Sendable, CustomStringConvertible {
  /// The type of the input, `Tensor` by default.
  associatedtype Input = Tensor
  /// The type of the output, `Tensor` by default.
  associatedtype Output = Tensor

  /// Runs the forward pass.
  ///
  /// - Parameter x: The input.
  /// - Returns: The output.
  func callAsFunction(_ x: Input) -> Output
}
