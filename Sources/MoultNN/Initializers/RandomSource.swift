import MoultCore

/// The random numbers of one parameter.
///
/// They depend only on the seed and on the number of parameters that were made before it under that seed.
public struct RandomSource: Sendable {
  private let stream: RandomStream

  package init(_ stream: RandomStream) {
    self.stream = stream
  }

  /// Returns uniformly distributed random numbers.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result.
  ///   - range: The range of the numbers. Rounding may give the upper bound itself.
  ///   - dtype: The type of the result, a floating-point type.
  /// - Returns: A tensor of that shape and type; equal arguments give equal numbers in every call.
  public func uniform(_ shape: [Int], in range: Range<Double>, dtype: DType) -> Tensor {
    stream.uniform(shape, low: range.lowerBound, high: range.upperBound, dtype: dtype)
  }

  /// Returns normally distributed random numbers of mean 0.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result.
  ///   - standardDeviation: The standard deviation of the numbers.
  ///   - dtype: The type of the result, a floating-point type.
  /// - Returns: A tensor of that shape and type; equal arguments give equal numbers in every call.
  public func normal(_ shape: [Int], standardDeviation: Double, dtype: DType) -> Tensor {
    stream.normal(shape, mean: 0, standardDeviation: standardDeviation, dtype: dtype)
  }
}
