import MoultCore

/// The mean cross entropy of logits: the negative log-likelihood of the right classes under `softmax(logits)`.
///
///     loss = -1/N · Σ log softmax(logits[n])[labels[n]]
///
/// - Shapes: `logits: [N, K]`, `labels: [N]` -> `[]`.
/// - Gradient: `dlogits = (softmax(logits) - onehot(labels)) / N`.
/// - Edge cases: finite for all finite logits. Labels of another type or outside 0 to K - 1 stop the program, and so
///   does an empty batch, which has no mean.
/// - Complexity: O(*N* · *K*) time; the probabilities are stored for the backward pass.
///
/// - Parameters:
///   - logits: The logits of the classes, before any softmax.
///   - labels: The right classes, integers 0 to K - 1, such as `Tensor(labels: [3, 1, 4])`.
/// - Returns: The loss, a scalar.
public func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  crossEntropy(logits, labels, labelSmoothing: 0)
}

/// The mean cross entropy with label smoothing: each target is `1 - labelSmoothing` on the right class, plus
/// `labelSmoothing` spread evenly over all classes.
///
///     loss = -1/N · Σ Σ q[n][k] · log softmax(logits[n])[k],   q = (1 - s) · onehot(labels) + s / K
///
/// - Shapes: `logits: [N, K]`, `labels: [N]` -> `[]`.
/// - Gradient: `dlogits = (softmax(logits) - q) / N`.
/// - Edge cases: `labelSmoothing == 0` is `crossEntropy(_:_:)`.
/// - Complexity: O(*N* · *K*) time; the probabilities are stored for the backward pass.
/// - Source: [Szegedy et al. 2016](https://arxiv.org/abs/1512.00567), section 7.
///
/// - Parameters:
///   - logits: The logits of the classes, before any softmax.
///   - labels: The right classes, integers 0 to K - 1, such as `Tensor(labels: [3, 1, 4])`.
///   - labelSmoothing: The probability s that is spread over all classes, 0 to 1.
/// - Returns: The loss, a scalar.
public func crossEntropy(_ logits: Tensor, _ labels: Tensor, labelSmoothing: Double) -> Tensor {
  softmaxCrossEntropy(logits, labels, smoothing: labelSmoothing)
}

/// The cross entropy with class weights, as PyTorch defines it: a weighted mean over the samples.
///
///     loss = -Σ Σ q[n][k] · log softmax(logits[n])[k] / Σ w[labels[n]]
///     q[n] = (1 - s) · w[labels[n]] · onehot(labels[n]) + s / K · w
///
/// - Shapes: `logits: [N, K]`, `labels: [N]`, K `classWeights` -> `[]`.
/// - Gradient: `dlogits[n] = (softmax(logits[n]) · Σ q[n] - q[n]) / Σ w[labels[n]]`.
/// - Edge cases: equal weights give `crossEntropy(_:_:labelSmoothing:)`. Without smoothing, a batch with only one class
///   has the unweighted loss, whatever the weight of the class.
/// - Complexity: O(*N* · *K*) time and memory.
/// - Source:
///   [torch.nn.CrossEntropyLoss](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html).
///
/// - Parameters:
///   - logits: The logits of the classes, before any softmax.
///   - labels: The right classes, integers 0 to K - 1, such as `Tensor(labels: [3, 1, 4])`.
///   - classWeights: The weight w of each class, positive and finite.
///   - labelSmoothing: The probability s that is spread over all classes, 0 to 1.
/// - Returns: The loss, a scalar.
public func crossEntropy(
  _ logits: Tensor, _ labels: Tensor, classWeights: [Double], labelSmoothing: Double = 0
) -> Tensor {
  crossEntropy(logits, labels, weights: nil, classWeights: classWeights, labelSmoothing: labelSmoothing)
}

/// The cross entropy with a weight for each sample, as scikit-learn defines it: a weighted mean.
///
///     loss = Σ v[n] · l[n] / Σ v[n] · c[labels[n]]
///
/// v are the weights of the samples, c those of the classes, 1 without class weights, and l[n] is the cross entropy of
/// sample n, in which the targets of each class have the weight of the class as in
/// ``crossEntropy(_:_:classWeights:labelSmoothing:)``.
///
/// - Shapes: `logits: [N, K]`, `labels: [N]`, `weights: [N]`, K `classWeights` -> `[]`.
/// - Gradient: flows into logits, not into weights.
/// - Edge cases: equal weights and nil give the cross entropy without weights. Samples of weight 0 have no influence.
/// - Complexity: O(*N* · *K*) time and memory.
/// - Source: the weighted mean of `sklearn.metrics.log_loss(sample_weight:)`.
///
/// - Parameters:
///   - logits: The logits of the classes, before any softmax.
///   - labels: The right classes, integers 0 to K - 1, such as `Tensor(labels: [3, 1, 4])`.
///   - weights: The weight of each sample, 0 or more, with one above 0; nil for equal weights.
///   - classWeights: The weight of each class, positive and finite; nil for equal weights.
///   - labelSmoothing: The probability s that is spread over all classes, 0 to 1.
/// - Returns: The loss, a scalar.
public func crossEntropy(
  _ logits: Tensor, _ labels: Tensor, weights: Tensor?, classWeights: [Double]? = nil, labelSmoothing: Double = 0
) -> Tensor {
  if weights == nil, classWeights == nil { return crossEntropy(logits, labels, labelSmoothing: labelSmoothing) }
  let classWeights = classWeights ?? Array(repeating: 1, count: logits.shape.last ?? 0)
  require(
    logits.rank == 2 && logits.shape[1] == classWeights.count && labels.shape == [logits.shape[0]] && labels.count > 0
      && !labels.dtype.isFloatingPoint,
    "crossEntropy: expected logits: [N, \(classWeights.count)], one for each class weight, and integer labels: [N], got "
      + "\(logits.shape) and \(labels.shape) of \(labels.dtype)")
  require(
    classWeights.allSatisfy { $0 > 0 && $0.isFinite },
    "crossEntropy: expected positive class weights, got \(classWeights)")
  require((0...1).contains(labelSmoothing), "crossEntropy: expected labelSmoothing in 0...1, got \(labelSmoothing)")
  let classCount = classWeights.count, classes = labels.scalars(as: Int64.self).map { Int($0) }
  let numbers = weights.map { sampleWeights($0, count: classes.count, "crossEntropy") }
  let spread = classWeights.map { labelSmoothing / Double(classCount) * $0 }
  var targets: [Double] = [], total = 0.0
  for (sample, label) in classes.enumerated() {
    require(
      (0..<classCount).contains(label),
      "crossEntropy: label \(label) of sample \(sample) is outside 0..<\(classCount), the classes of logits \(logits.shape)"
    )
    let weight = numbers?[sample] ?? 1
    targets += spread.map { weight * $0 }
    targets[sample * classCount + label] += weight * ((1 - labelSmoothing) * classWeights[label])
    total += weight * classWeights[label]
  }
  let shares = Tensor(targets.map { $0 / total }, shape: logits.shape).cast(to: logits.dtype)
  // A class of target 0 adds nothing, whatever its logit; the product 0 times minus infinity would be NaN.
  let logarithms = logSoftmax(logits, axis: 1)
  return -(shares * select(shares .!= 0, logarithms, .zeros(logits.shape, dtype: logits.dtype))).sum()
}
