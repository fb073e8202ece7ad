import MoultCore

/// An initializer that draws from a normal distribution of mean 0 and a fixed standard deviation.
public struct Normal: Initializer {
  /// The standard deviation of the values.
  public let standardDeviation: Double

  /// Makes the initializer.
  ///
  /// - Parameter standardDeviation: The standard deviation of the values.
  public init(standardDeviation: Double) { self.standardDeviation = standardDeviation }

  /// Returns random values of shape `shape` and type `dtype`, drawn from `source`.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    source.normal(shape, standardDeviation: standardDeviation, dtype: dtype)
  }
}

extension Initializer where Self == Normal {
  /// An initializer that draws from a normal distribution of mean 0.
  ///
  /// - Parameter standardDeviation: The standard deviation of the values.
  /// - Returns: The initializer.
  public static func normal(standardDeviation: Double) -> Normal { Normal(standardDeviation: standardDeviation) }
}
