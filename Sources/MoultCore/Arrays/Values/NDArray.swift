/// An n-dimensional array without gradient history: a shape, strides and a shared buffer of elements. Kernels and
/// pullbacks work on arrays.
///
/// A ``Tensor`` is an array with the node of the graph that made it. Since an array has no node, a pullback that
/// captures arrays cannot keep a graph alive. Arrays do not change once they are made; views share the storage.
package struct NDArray: Sendable {
  /// The extent of each axis; empty for a single number.
  package let shape: [Int]
  /// The strides of a view that is not in row-major order; nil otherwise.
  private let viewStrides: [Int]?
  /// The position of the first element in the storage, in elements.
  package let offset: Int
  package var storage: Storage

  /// Makes a view of a storage. Strides and offset are in elements.
  package init(storage: Storage, shape: [Int], strides: [Int], offset: Int) {
    self.storage = storage
    self.shape = shape
    viewStrides = Shape.isRowMajor(shape, strides) ? nil : strides
    self.offset = offset
  }

  /// Makes a row-major array that begins at element `offset` of a storage.
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

  /// The distance between neighbouring elements along each axis, in elements.
  package var strides: [Int] { viewStrides ?? Shape.rowMajorStrides(shape) }
  /// Whether the elements are in row-major order without gaps.
  package var isContiguous: Bool { viewStrides == nil }

  /// Returns the same elements in row-major order; copies them only if this array is not contiguous.
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
    requireFullPrecision(operation())
    require(
      dtype.isFloatingPoint,
      "\(operation()): expected a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
  }

  /// Stops the program if the dtype only stores numbers.
  package func requireFullPrecision(_ operation: @autoclosure () -> String) {
    require(
      !dtype.isHalfPrecision,
      "\(operation()): \(dtype) only stores numbers, got \(dtype) \(shape); convert it with cast(to: .float32)")
  }
}
