import MoultCore

/// Gives every element the same value.
public struct Constant: Initializer {
  /// The value.
  public let value: Double

  /// Makes the initializer.
  ///
  /// - Parameter value: The value of every element.
  public init(_ value: Double) { self.value = value }

  /// Fills one parameter.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    Tensor.full(shape, value, dtype: dtype)
  }
}

extension Initializer where Self == Constant {
  /// Gives every element the same value.
  ///
  /// - Parameter value: The value.
  /// - Returns: The initializer.
  public static func constant(_ value: Double) -> Constant { Constant(value) }
}
