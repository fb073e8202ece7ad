import MoultCore

/// Looks up a learned vector for each index.
///
///     y[i, :] = weight[indices[i], :]
///
/// With a `rate`, whole rows of the table are set to 0 in training and the others multiplied by `1 / (1 - rate)`; a
/// dropped word is dropped at all its places in the batch.
///
/// - Shapes: `indices: [...]`, whole numbers 0 to `count - 1` of any type -> `[..., size]`; `weight: [count, size]`.
/// - Gradient: each row of `weight` gets the sum of the gradients of all places that looked it up; in training with a
///   `rate` it is multiplied by 0 or `1 / (1 - rate)`, as the row was.
/// - Edge cases: an index that is not whole, or outside 0..<count, stops the program with a message that names its
///   place.
/// - Complexity: O((*indices* + *count*) · *size*) with a rate, O(*indices* · *size*) without.
/// - Source: the layer and its initial weights are those of `torch.nn.Embedding`;
///   [Gal and Ghahramani 2016](https://arxiv.org/abs/1512.05287), section 4.2, for the dropout.
public final class Embedding: Module, RatedLayer {
  /// The number of vectors, at least 1.
  public let count: Int
  /// The length of a vector, at least 1.
  public let size: Int
  /// The vectors, `[count, size]`: row `i` belongs to index `i`.
  public let weight: Parameter
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode, with initial vectors drawn under the current seed.
  ///
  /// - Parameters:
  ///   - count: The number of vectors, at least 1.
  ///   - size: The length of a vector, at least 1.
  ///   - rate: The probability of *dropping* a row, 0 to 1.
  ///   - initializer: The initializer of the vectors.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - dtype: The type of the vectors, a floating-point type.
  public init(
    count: Int, size: Int, rate: Double = 0, initializer: any Initializer = .normal(standardDeviation: 1),
    stream: Int? = nil, dtype: DType = .float32
  ) {
    requireTableSize(count, size, "Embedding")
    (self.count, self.size) = (count, size)
    weight = Parameter([count, size], initializer: initializer, dtype: dtype)
    dropoutState = DropoutState(rate: rate, of: "Embedding", draws: .perCall, stream: stream)
  }

  /// The initializer of an earlier version of the layer, which counted from 1.
  @available(
    *, unavailable,
    message:
      "Embedding(count:size:) counts from 0; the layer that counts from 1 and has 0 for unknown is CategoryEmbedding"
  )
  public init(
    _ count: Int, _ size: Int, rate: Double = 0, initializer: any Initializer = .normal(standardDeviation: 1),
    stream: Int? = nil, dtype: DType = .float32
  ) {
    fatalError("unavailable")
  }

  /// Returns the vector of each index.
  ///
  /// - Parameter indices: The indices, `[...]`: whole numbers from 0 to `count - 1`.
  /// - Returns: The vectors, `[..., size]`.
  public func callAsFunction(_ indices: Tensor) -> Tensor {
    let rows = tableRows(indices, in: 0..<count, "Embedding(\(count), \(size))")
    var table = weight.value
    if let draws = dropoutState.nextDraws() { table = embeddingDropout(table, rate: draws.rate, use: draws.use) }
    return table.indexSelect(rows).reshaped(indices.shape + [size])
  }
}
