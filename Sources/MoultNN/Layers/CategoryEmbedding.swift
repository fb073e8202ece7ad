import MoultCore

/// Looks up a learned vector for each category of a table's column: categories are numbered from 1, and 0 stands for an
/// unknown one, which gets zeros. ``Embedding`` counts from 0.
///
///     y[n] = numbers[n] == 0 ? 0 : table[numbers[n] - 1]
///
/// With a `rate`, whole rows of the table are dropped in training: a value is missing wherever it occurs in the batch.
///
/// - Shapes: `numbers: [N]`, whole, 0 to `count`, of any type -> `[N, size]`; `weight: [count, size]`.
/// - Gradient: each row gets the sum of the gradients of the places it was looked up for; the zeros get none.
/// - Edge cases: a number outside 0...count stops the program with its place.
/// - Complexity: O((*N* + *count*) · *size*).
/// - Source: [Guo and Berkhahn 2016](https://arxiv.org/abs/1604.06737) for categories;
///   [Gal and Ghahramani 2016](https://arxiv.org/abs/1512.05287), section 4.2, for the dropout.
public final class CategoryEmbedding: Module, RatedLayer {
  /// The number of values that have a vector.
  public let count: Int
  /// The length of a vector.
  public let size: Int
  /// The vectors, `[count, size]`: row `i` is that of the number `i + 1`.
  public let weight: Parameter
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode, its vectors drawn from the streams of the current seed.
  ///
  /// - Parameters:
  ///   - count: The number of values that have a vector, at least 1.
  ///   - size: The length of a vector, at least 1.
  ///   - rate: The probability of *dropping* a row, 0 to 1.
  ///   - initializer: The initializer of the vectors.
  ///   - stream: The layer's number in the mask law, to pin it.
  ///   - dtype: The type of the vectors, a floating-point one.
  public init(
    _ count: Int, _ size: Int, rate: Double = 0, initializer: any Initializer = .normal(standardDeviation: 1),
    stream: Int? = nil, dtype: DType = .float32
  ) {
    requireTableSize(count, size, "CategoryEmbedding")
    (self.count, self.size) = (count, size)
    weight = Parameter([count, size], initializer: initializer, dtype: dtype)
    dropoutState = DropoutState(rate: rate, of: "CategoryEmbedding", draws: .perCall, stream: stream)
  }

  /// Looks vectors up.
  ///
  /// - Parameter numbers: `[N]`, whole numbers from 0 to `count`.
  /// - Returns: `[N, size]`.
  public func callAsFunction(_ numbers: Tensor) -> Tensor {
    require(numbers.rank == 1, "CategoryEmbedding(\(count), \(size)): expected numbers: [N], got \(numbers.shape)")
    let rows = tableRows(numbers, in: 0...count, "CategoryEmbedding(\(count), \(size))")
    var table = weight.value
    if let draws = dropoutState.nextDraws() { table = embeddingDropout(table, rate: draws.rate, use: draws.use) }
    return concatenate([.zeros([1, size], dtype: table.dtype), table]).indexSelect(rows)
  }
}
