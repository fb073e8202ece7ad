import MoultCore

/// The error of selective prediction, in which a model may reject samples with a high uncertainty.
///
/// Samples are accepted in the order of their uncertainty, the lowest first. With `k` of `N` samples accepted, the
/// coverage is `k / N` and the risk is the mean loss of the `k` samples.
///
/// ```swift
/// let wrong = (prediction.mean.argmax(axis: 1) .!= labels)
/// let curve = RiskCoverage(uncertainty: prediction.mutualInformation, losses: wrong.cast(to: .float64))
/// print(curve.areaUnderCurve, curve.risk(atCoverage: 0.9), curve.coverage(atRisk: 0.01))
/// ```
///
/// - Edge cases: Samples of equal uncertainty all count with their mean loss, so their order does not matter.
/// - Complexity: O(*N* log *N*).
/// - Source: [El-Yaniv and Wiener 2010](https://jmlr.org/papers/v11/el-yaniv10a.html);
///   [Geifman and El-Yaniv 2017](https://arxiv.org/abs/1705.08500).
public struct RiskCoverage: Sendable, Equatable {
  /// The risks: element `k` is the mean loss of the `k + 1` samples with the lowest uncertainty.
  public let risks: [Double]

  /// Computes the risks of samples in the order of their uncertainty.
  ///
  /// - Parameters:
  ///   - uncertainty: The uncertainty of each prediction, `[N]`, `N` at least 1, in any unit. NaN stops the program.
  ///   - losses: The loss of each prediction, `[N]`, such as 0 for a correct class and 1 for a wrong one.
  public init(uncertainty: Tensor, losses: Tensor) {
    require(
      uncertainty.rank == 1 && uncertainty.shape == losses.shape && uncertainty.count > 0,
      "RiskCoverage: expected uncertainty: [N] and losses: [N], got \(uncertainty.shape) and \(losses.shape)")
    let keys = uncertainty.scalars(as: Double.self), costs = losses.scalars(as: Double.self)
    require(!keys.contains(where: \.isNaN), "RiskCoverage: expected numbers to sort by, got NaN")
    require(!costs.contains(where: \.isNaN), "RiskCoverage: expected losses that are numbers, got NaN")
    var risks: [Double] = [], sum = 0.0
    for tie in ties(keys) {
      let own = tie.reduce(0) { $0 + costs[$1] }
      for number in 1...tie.count {
        risks.append((sum + own * Double(number) / Double(tie.count)) / Double(risks.count + 1))
      }
      sum += own
    }
    self.risks = risks
  }

  /// The coverages of ``risks``: element `k` is `(k + 1) / N`.
  public var coverages: [Double] { (1...risks.count).map { Double($0) / Double(risks.count) } }

  /// The mean of ``risks`` (AURC); lower is better. If the order is random, its expected value is the mean loss of all
  /// samples.
  public var areaUnderCurve: Double { risks.reduce(0, +) / Double(risks.count) }

  /// Returns the mean loss of the samples with the lowest uncertainty, with at least the fraction `coverage` accepted.
  ///
  /// - Parameter coverage: The fraction of accepted samples, above 0 and at most 1.
  /// - Returns: The risk.
  public func risk(atCoverage coverage: Double) -> Double {
    require(coverage > 0 && coverage <= 1, "RiskCoverage: expected a coverage above 0, up to 1, got \(coverage)")
    let count = Double(risks.count)
    var answered = min(max(Int((coverage * count).rounded(.up)), 1), risks.count)
    // Rounding of the product may have given one sample too many.
    while answered > 1, Double(answered - 1) / count >= coverage { answered -= 1 }
    return risks[answered - 1]
  }

  /// Returns the largest fraction of samples that can be accepted with a mean loss of at most `risk`; 0 if there is
  /// none.
  ///
  /// - Parameter risk: The maximum mean loss.
  /// - Returns: The coverage, 0 to 1.
  /// - Complexity: O(*N*).
  public func coverage(atRisk risk: Double) -> Double {
    Double(risks.lastIndex { $0 <= risk }.map { $0 + 1 } ?? 0) / Double(risks.count)
  }
}

/// Returns the indices of `keys` in ascending order of their values, with the indices of equal values in one group.
///
/// - Complexity: O(*N* log *N*).
package func ties(_ keys: [Double]) -> [[Int]] {
  var result: [[Int]] = []
  for index in keys.indices.sorted(by: { (keys[$0], $0) < (keys[$1], $1) }) {
    if let last = result.last?.last, keys[last] == keys[index] {
      result[result.count - 1].append(index)
    } else {
      result.append([index])
    }
  }
  return result
}
