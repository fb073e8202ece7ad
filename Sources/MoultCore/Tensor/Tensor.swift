/// An n-dimensional array of numbers that never changes once made.
///
/// A tensor is a value: a shape, a view of a shared buffer, and, when gradients are on and an input needs one, the node
/// of the graph that made it. Elements are in row-major order; slices and transposes are views that copy nothing.
///
///     let x = Tensor([[1, 2], [3, 4]])
///     x.shape                      // [2, 2]
///     relu(x - 2).sum().item()     // 3.0
///
/// Literals are Float32. Class labels are `Tensor(labels: [3, 1, 4])` (Int32).
public struct Tensor: Sendable {
  /// The extent of each axis; empty for a single number.
  public let shape: [Int]
  /// The strides of a view whose elements do not lie one after the other.
  private let viewStrides: [Int]?
  package let offset: Int
  package var storage: Storage
  /// Where this tensor came from, if anybody will ask for a gradient.
  package var node: Node?

  package init(storage: Storage, shape: [Int], strides: [Int], offset: Int, node: Node? = nil) {
    self.storage = storage
    self.shape = shape
    viewStrides = Shape.isRowMajor(shape, strides) ? nil : strides
    self.offset = offset
    self.node = node
  }

  /// A contiguous tensor that begins at `offset` in a buffer.
  package init(storage: Storage, shape: [Int], offset: Int = 0) {
    self.storage = storage
    self.shape = shape
    viewStrides = nil
    self.offset = offset
    node = nil
  }

  /// The type of the elements.
  public var dtype: DType { storage.dtype }
  /// The number of axes.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The distance between neighbours along each axis, in elements.
  package var strides: [Int] { viewStrides ?? Shape.rowMajorStrides(shape) }
  /// Whether the elements lie one after the other in row-major order.
  package var isContiguous: Bool { viewStrides == nil }

  /// This tensor without its history, with its elements one after the other; copies only if they are not.
  package func contiguous() -> Tensor {
    if isContiguous { return node == nil ? computed() : detached().computed() }
    let result = Storage(count: count, dtype: dtype)
    copyElements(to: result.pointer)
    return Tensor(storage: result, shape: shape)
  }

  /// This tensor with its elements computed, if that was put off.
  @discardableResult
  func computed() -> Tensor {
    _ = storage.pointer
    return self
  }

  /// The same numbers without their history: no gradient flows through the result.
  public func detached() -> Tensor {
    var result = self
    result.node = nil
    return result
  }

  /// The address of the first element; meaningful for contiguous tensors.
  package func pointer<S: TensorScalar>(as type: S.Type) -> UnsafeMutablePointer<S> {
    storage.pointer(as: S.self) + offset
  }

  package func requireFloatingPoint(_ operation: @autoclosure () -> String) {
    require(
      dtype.isFloatingPoint,
      "\(operation()): expected a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
  }
}

extension Tensor: Equatable {
  /// Whether both have the same shape, dtype and elements. NaN differs from itself.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape, a.dtype == b.dtype else { return false }
    func equal<S: TensorScalar>(_ type: S.Type) -> Bool { a.scalars(as: S.self) == b.scalars(as: S.self) }
    return a.dtype.withScalarType { equal($0) }
  }
}
