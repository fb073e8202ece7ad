import MoultCore

/// Returns the cosine of the angle between vectors.
///
///     y = Σ a · b / (max(‖a‖, epsilon) · max(‖b‖, epsilon))
///
/// - Shapes: `a: [..., D, ...]` with D at `axis`, `b:` the same -> the shape without `axis`. Nothing is broadcast.
/// - Gradient: flows into both; that of a vector shorter than `epsilon` treats its length as `epsilon`.
/// - Edge cases: the cosine with a vector of zeros is 0.
/// - Complexity: O(*n*) time.
/// - Source: the form of `torch.nn.functional.cosine_similarity`.
///
/// - Parameters:
///   - a: Vectors.
///   - b: As many other vectors.
///   - axis: The axis of the elements of a vector, counted from the end if negative.
///   - epsilon: The least length that is divided by, above 0.
/// - Returns: The cosines, -1 to 1 up to rounding.
public func cosineSimilarity(_ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Double = 1e-8) -> Tensor {
  require(epsilon > 0 && epsilon.isFinite, "cosineSimilarity: expected epsilon > 0, got \(epsilon)")
  requireComparable(a, b, "cosineSimilarity")
  func length(_ x: Tensor) -> Tensor {
    let squares = (x * x).sum(axis: axis), least = Tensor.full([], epsilon * epsilon, dtype: x.dtype)
    return sqrt(select(squares .> least, squares, least))
  }
  return (a * b).sum(axis: axis) / (length(a) * length(b))
}

/// The cosine embedding loss with `margin: 0`; see ``cosineEmbeddingLoss(_:_:_:margin:weights:)``.
public func cosineEmbeddingLoss(_ a: Tensor, _ b: Tensor, _ labels: Tensor) -> Tensor {
  cosineEmbeddingLoss(a, b, labels, margin: 0)
}

/// The mean cosine embedding loss of pairs of vectors: pairs that belong together (label 1) should have the cosine 1,
/// others (label -1) one of at most `margin`.
///
///     loss = mean(label == 1 ? 1 - cosine : max(0, cosine - margin))
///
/// With weights it is the weighted mean `Σ w[n] · loss[n] / Σ w[n]` of the losses of the pairs.
///
/// - Shapes: `a: [N, D]`, `b: [N, D]`, `labels: [N]`, `weights: [N]` -> `[]`.
/// - Gradient: flows into both vectors, as that of ``cosineSimilarity(_:_:axis:epsilon:)``.
/// - Edge cases: labels other than -1 and 1 and an empty batch stop the program.
/// - Complexity: O(*N* · *D*) time.
/// - Source: the form of `torch.nn.CosineEmbeddingLoss`.
///
/// - Parameters:
///   - a: The first vectors of the pairs.
///   - b: The second vectors of the pairs.
///   - labels: 1 for a pair that belongs together, -1 for another, of any type.
///   - margin: The cosine from which on other pairs have a loss, -1 to 1.
///   - weights: The weight w of each pair, 0 or more, with one above 0; nil for equal weights.
/// - Returns: The loss, a scalar.
public func cosineEmbeddingLoss(
  _ a: Tensor, _ b: Tensor, _ labels: Tensor, margin: Double = 0, weights: Tensor? = nil
) -> Tensor {
  require((-1...1).contains(margin), "cosineEmbeddingLoss: expected margin in -1...1, got \(margin)")
  require(
    a.rank == 2 && labels.shape == [a.shape[0]],
    "cosineEmbeddingLoss: expected vectors: [N, D] and labels: [N], got \(a.shape) and \(labels.shape)")
  requireSigns(labels, "cosineEmbeddingLoss")
  let cosine = cosineSimilarity(a, b)
  return select(labels .== 1, 1 - cosine, relu(cosine - margin)).mean(weights: weights, "cosineEmbeddingLoss")
}
