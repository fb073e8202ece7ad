import MoultCore

/// An initializer that sets every element to the same value.
public struct Constant: Initializer {
  /// The value of every element.
  public let value: Double

  /// Makes the initializer.
  ///
  /// - Parameter value: The value of every element.
  public init(_ value: Double) { self.value = value }

  /// Returns a tensor of shape `shape` and type `dtype` filled with `value`; `source` is not used.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    Tensor.full(shape, value, dtype: dtype)
  }
}

extension Initializer where Self == Constant {
  /// An initializer that sets every element to the same value.
  ///
  /// - Parameter value: The value of every element.
  /// - Returns: The initializer.
  public static func constant(_ value: Double) -> Constant { Constant(value) }
}
