import MoultCore

/// Looks up a learned vector for each category of a table column. Categories are numbered from 1; 0 is an unknown
/// category and gives zeros. ``Embedding`` counts from 0.
///
///     y[n] = numbers[n] == 0 ? 0 : table[numbers[n] - 1]
///
/// With a `rate`, whole rows of the table are set to 0 in training and the others multiplied by `1 / (1 - rate)`; a
/// dropped category is dropped at all its places in the batch.
///
/// - Shapes: `numbers: [N]`, whole numbers 0 to `count` of any type -> `[N, size]`; `weight: [count, size]`.
/// - Gradient: each row of `weight` gets the sum of the gradients of all places that looked it up; in training with a
///   `rate` it is multiplied by 0 or `1 / (1 - rate)`, as the row was. Category 0 has no row, and so no gradient.
/// - Edge cases: a number that is not whole, or outside 0...count, stops the program with a message that names its
///   place.
/// - Complexity: O((*N* + *count*) · *size*).
/// - Source: [Guo and Berkhahn 2016](https://arxiv.org/abs/1604.06737) for categories;
///   [Gal and Ghahramani 2016](https://arxiv.org/abs/1512.05287), section 4.2, for the dropout.
public final class CategoryEmbedding: Module, RatedLayer {
  /// The number of categories with a vector, at least 1.
  public let count: Int
  /// The length of a vector, at least 1.
  public let size: Int
  /// The vectors, `[count, size]`: row `i` belongs to category `i + 1`.
  public let weight: Parameter
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode, with initial vectors drawn under the current seed.
  ///
  /// - Parameters:
  ///   - count: The number of categories with a vector, at least 1.
  ///   - size: The length of a vector, at least 1.
  ///   - rate: The probability of *dropping* a row, 0 to 1.
  ///   - initializer: The initializer of the vectors.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - dtype: The type of the vectors, a floating-point type.
  public init(
    _ count: Int, _ size: Int, rate: Double = 0, initializer: any Initializer = .normal(standardDeviation: 1),
    stream: Int? = nil, dtype: DType = .float32
  ) {
    requireTableSize(count, size, "CategoryEmbedding")
    (self.count, self.size) = (count, size)
    weight = Parameter([count, size], initializer: initializer, dtype: dtype)
    dropoutState = DropoutState(rate: rate, of: "CategoryEmbedding", draws: .perCall, stream: stream)
  }

  /// Returns the vector of each category.
  ///
  /// - Parameter numbers: The categories, `[N]`: whole numbers from 0 to `count`.
  /// - Returns: The vectors, `[N, size]`.
  public func callAsFunction(_ numbers: Tensor) -> Tensor {
    require(numbers.rank == 1, "CategoryEmbedding(\(count), \(size)): expected numbers: [N], got \(numbers.shape)")
    let rows = tableRows(numbers, in: 0...count, "CategoryEmbedding(\(count), \(size))")
    var table = weight.value
    if let draws = dropoutState.nextDraws() { table = embeddingDropout(table, rate: draws.rate, use: draws.use) }
    return concatenate([.zeros([1, size], dtype: table.dtype), table]).indexSelect(rows)
  }
}
