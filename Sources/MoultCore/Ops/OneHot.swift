/// Returns, for each class label, a vector with 1 at the place of the class and 0 elsewhere.
///
///     y[i, c] = c == labels[i] ? 1 : 0
///
/// - Shapes: `labels: [...]` of an integer dtype -> `[..., classes]`. There is no gradient.
/// - Edge cases: a label outside 0..<classes stops the program with a message that gives its place.
/// - Complexity: O(*n*) in the size of the result.
public func oneHot(_ labels: Tensor, classes: Int, dtype: DType = .float32) -> Tensor {
  require(classes > 0, "oneHot: expected at least one class, got \(classes)")
  require(labels.dtype.isInteger, "oneHot: expected labels of an integer type, got \(labels.dtype)")
  let places = labels.scalars(as: Int64.self).enumerated().map { i, label in
    require(
      (0..<Int64(classes)).contains(label), "oneHot: label \(label) at place \(i) is outside 0..<\(classes)")
    return i * classes + Int(label)
  }
  return NDArray.zeros(labels.shape + [classes], dtype: dtype)
    .replacing(places, with: .full([places.count], 1, dtype: dtype))
    .withoutHistory("oneHot", ["classes": .int(classes), "dtype": .text("\(dtype)")], from: [labels])
}
