import MoultCore

/// An initializer that draws uniformly distributed values from a fixed range.
public struct Uniform: Initializer {
  /// The range of the values.
  public let range: Range<Double>

  /// Makes the initializer.
  ///
  /// - Parameter range: The range of the values.
  public init(_ range: Range<Double>) { self.range = range }

  /// Returns random values of shape `shape` and type `dtype`, drawn from `source`.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    source.uniform(shape, in: range, dtype: dtype)
  }
}

extension Initializer where Self == Uniform {
  /// An initializer that draws uniformly distributed values from a fixed range.
  ///
  /// - Parameter range: The range of the values.
  /// - Returns: The initializer.
  public static func uniform(_ range: Range<Double>) -> Uniform { Uniform(range) }
}
