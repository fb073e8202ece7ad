/// Values without a history: a shape, strides and a shared buffer of elements. Kernels and pullbacks work on it.
///
/// A ``Tensor`` is an array and the node that it came from. Since an array has no node, a pullback that captures arrays
/// cannot keep a graph alive. Arrays never change once made; views share their storage.
package struct NDArray: Sendable {
  /// The extent of each axis; empty for a single number.
  package let shape: [Int]
  /// The strides of a view that is not in row-major order; nil otherwise.
  private let viewStrides: [Int]?
  /// The position of the first element in the storage.
  package let offset: Int
  package var storage: Storage

  /// A view of a storage.
  package init(storage: Storage, shape: [Int], strides: [Int], offset: Int) {
    self.storage = storage
    self.shape = shape
    viewStrides = Shape.isRowMajor(shape, strides) ? nil : strides
    self.offset = offset
  }

  /// An array in row-major order that begins at `offset` in a storage.
  package init(storage: Storage, shape: [Int], offset: Int = 0) {
    self.storage = storage
    self.shape = shape
    viewStrides = nil
    self.offset = offset
  }

  /// The type of the elements.
  package var dtype: DType { storage.dtype }
  /// The number of axes.
  package var rank: Int { shape.count }
  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }

  /// The distance between neighbours along each axis, in elements.
  package var strides: [Int] { viewStrides ?? Shape.rowMajorStrides(shape) }
  /// Whether the elements are in row-major order without gaps.
  package var isContiguous: Bool { viewStrides == nil }

  /// The same values in row-major order; copies only if they are not.
  package func contiguous() -> NDArray {
    if isContiguous { return self }
    let result = Storage(count: count, dtype: dtype)
    copyElements(to: result.pointer)
    return NDArray(storage: result, shape: shape)
  }

  /// The address of the first element of a contiguous array. Pending elements are computed first.
  package func pointer<S: TensorScalar>(as type: S.Type) -> UnsafeMutablePointer<S> {
    storage.pointer(as: S.self) + offset
  }

  /// Computes the elements now if they are pending.
  package func compute() { _ = storage.pointer }

  package func requireFloatingPoint(_ operation: @autoclosure () -> String) {
    require(
      dtype.isFloatingPoint,
      "\(operation()): expected a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
  }
}
