import MoultCore

/// Draws from a normal distribution of mean 0 and a fixed standard deviation.
public struct Normal: Initializer {
  /// The standard deviation.
  public let standardDeviation: Double

  /// Makes the initializer.
  ///
  /// - Parameter standardDeviation: The standard deviation.
  public init(standardDeviation: Double) { self.standardDeviation = standardDeviation }

  /// Draws one parameter.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    source.normal(shape, standardDeviation: standardDeviation, dtype: dtype)
  }
}

extension Initializer where Self == Normal {
  /// Draws from a normal distribution of mean 0.
  ///
  /// - Parameter standardDeviation: The standard deviation.
  /// - Returns: The initializer.
  public static func normal(standardDeviation: Double) -> Normal { Normal(standardDeviation: standardDeviation) }
}
