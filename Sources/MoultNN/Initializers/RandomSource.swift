import MoultCore

/// The random numbers of one parameter: a stream that depends only on the seed and on how many parameters were made
/// before it.
public struct RandomSource: Sendable {
  private let stream: RandomStream

  package init(_ stream: RandomStream) {
    self.stream = stream
  }

  /// Draws uniform numbers.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result.
  ///   - range: The range of the numbers.
  ///   - dtype: The type of the result.
  /// - Returns: The same numbers every time.
  public func uniform(_ shape: [Int], in range: Range<Double>, dtype: DType) -> Tensor {
    stream.uniform(shape, low: range.lowerBound, high: range.upperBound, dtype: dtype)
  }

  /// Draws normally distributed numbers.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result.
  ///   - standardDeviation: Their standard deviation; the mean is 0.
  ///   - dtype: The type of the result.
  /// - Returns: The same numbers every time.
  public func normal(_ shape: [Int], standardDeviation: Double, dtype: DType) -> Tensor {
    stream.normal(shape, mean: 0, standardDeviation: standardDeviation, dtype: dtype)
  }
}
