import MoultCore

/// Returns the area under the ROC curve (AUROC) of a score that separates positive from negative samples: the
/// probability that a positive sample has a higher score than a negative one, where an equal score counts one half. 1
/// is a perfect separation, 0.5 is chance.
///
/// ```swift
/// let known = model.predict(x, passes: 100), strange = model.predict(noise, passes: 100)
/// print(areaUnderROC(of: strange.mutualInformation, over: known.mutualInformation))
/// ```
///
/// - Shapes: `[P]` and `[Q]`, at least one element each.
/// - Complexity: O((*P* + *Q*) log (*P* + *Q*)).
/// - Source: [Hanley and McNeil 1982](https://doi.org/10.1148/radiology.143.1.7063747): the Mann-Whitney statistic.
///
/// - Parameters:
///   - positives: The scores of the positive samples, such as the uncertainty of out-of-distribution samples. NaN stops
///     the program.
///   - negatives: The scores of the negative samples.
/// - Returns: The area, 0 to 1.
public func areaUnderROC(of positives: Tensor, over negatives: Tensor) -> Double {
  require(
    positives.rank == 1 && negatives.rank == 1 && positives.count > 0 && negatives.count > 0,
    "areaUnderROC: expected two vectors of scores, got \(positives.shape) and \(negatives.shape)")
  let scores = positives.scalars(as: Double.self) + negatives.scalars(as: Double.self)
  require(!scores.contains(where: \.isNaN), "areaUnderROC: expected scores, got NaN")
  let isPositive = scores.indices.map { $0 < positives.count }
  return areaUnderROC(scores, isPositive: isPositive, weights: [Double](repeating: 1, count: scores.count))
}

/// Returns the area under the ROC curve of weighted samples; NaN if there are no scores of positive or of negative
/// samples with a weight above 0.
///
/// - Parameters:
///   - scores: The score of each sample, not NaN.
///   - isPositive: Whether each sample is a positive one.
///   - weights: The weight of each sample, at least 0.
package func areaUnderROC(_ scores: [Double], isPositive: [Bool], weights: [Double]) -> Double {
  var below = 0.0, above = 0.0, wins = 0.0
  for tie in ties(scores) {
    let first = tie.reduce(0) { $0 + (isPositive[$1] ? weights[$1] : 0) }
    let second = tie.reduce(0) { $0 + (isPositive[$1] ? 0 : weights[$1]) }
    wins += first * (below + second / 2)
    below += second
    above += first
  }
  return wins / (above * below)
}
