/// An n-dimensional array of numbers, which never changes once it is made.
///
/// A tensor is a value: a shape, a view of a shared buffer, and, if gradients are on and an input has gradients, the
/// node of the graph that made it. Elements are in row-major order; slices and transposes are views that copy nothing.
///
///     let x = Tensor([[1, 2], [3, 4]])
///     x.shape                      // [2, 2]
///     relu(x - 2).sum().item()     // 3.0
///
/// Literals are Float32. Class labels are `Tensor(labels: [3, 1, 4])` (Int32).
public struct Tensor: Sendable {
  /// The elements, without gradient history.
  package let values: NDArray
  /// The node of the graph that made this tensor; nil if no gradient flows into it.
  package var node: Node?

  /// Makes a tensor from its elements and the node that made them.
  package init(_ values: NDArray, node: Node? = nil) {
    self.values = values
    self.node = node
  }

  /// The extent of each axis; empty for a single number.
  public var shape: [Int] { values.shape }
  /// The type of the elements.
  public var dtype: DType { values.dtype }
  /// The number of axes.
  public var rank: Int { values.rank }
  /// The number of elements.
  public var count: Int { values.count }

  /// Returns the same elements without gradient history: no gradient flows through the result.
  public func detached() -> Tensor { Tensor(values) }

  package func requireFloatingPoint(_ operation: @autoclosure () -> String) {
    values.requireFloatingPoint(operation())
  }
}

extension Tensor: Equatable {
  /// Returns whether both tensors have the same shape, dtype and elements. NaN differs from itself.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape, a.dtype == b.dtype else { return false }
    func equal<S: TensorScalar>(_ type: S.Type) -> Bool { a.scalars(as: S.self) == b.scalars(as: S.self) }
    return a.dtype.withScalarType { equal($0) }
  }
}
