import MoultCore

/// The error of selective prediction, where a model may abstain for samples that it is uncertain of.
///
/// Samples are taken in the order of their uncertainty, the least uncertain first. After `k` of `N` the coverage is
/// `k / N`, and the risk is the mean loss of those `k`.
///
/// ```swift
/// let wrong = (prediction.mean.argmax(axis: 1) .!= labels)
/// let curve = RiskCoverage(uncertainty: prediction.mutualInformation, losses: wrong.cast(to: .float64))
/// print(curve.areaUnderCurve, curve.risk(atCoverage: 0.9), curve.coverage(atRisk: 0.01))
/// ```
///
/// - Edge cases: samples of equal uncertainty count with their mean loss, so that their order does not matter.
/// - Complexity: O(*N* log *N*).
/// - Source: [El-Yaniv and Wiener 2010](https://jmlr.org/papers/v11/el-yaniv10a.html);
///   [Geifman and El-Yaniv 2017](https://arxiv.org/abs/1705.08500).
public struct RiskCoverage: Sendable, Equatable {
  /// The mean loss of the `k + 1` least uncertain samples, for each `k`.
  public let risks: [Double]

  /// Sorts samples by their uncertainty.
  ///
  /// - Parameters:
  ///   - uncertainty: The uncertainty of each prediction, `[N]`, `N` at least 1; in any unit.
  ///   - losses: The loss of each prediction, `[N]`, such as 1 for a wrong class and 0 for the right one.
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

  /// The fraction of samples taken, for each of ``risks``.
  public var coverages: [Double] { (1...risks.count).map { Double($0) / Double(risks.count) } }

  /// The mean of the risks over all coverages (AURC), lower is better: in a random order it is the mean loss of all
  /// samples.
  public var areaUnderCurve: Double { risks.reduce(0, +) / Double(risks.count) }

  /// The mean loss if at least this fraction of the samples is taken, the least uncertain ones.
  ///
  /// - Parameter coverage: A fraction above 0, up to 1.
  /// - Returns: The risk.
  public func risk(atCoverage coverage: Double) -> Double {
    require(coverage > 0 && coverage <= 1, "RiskCoverage: expected a coverage above 0, up to 1, got \(coverage)")
    let count = Double(risks.count)
    var answered = min(max(Int((coverage * count).rounded(.up)), 1), risks.count)
    // The product may have been rounded up past a whole number.
    while answered > 1, Double(answered - 1) / count >= coverage { answered -= 1 }
    return risks[answered - 1]
  }

  /// The largest fraction of samples that can be taken at a mean loss of at most `risk`; 0 if none can.
  ///
  /// - Parameter risk: The mean loss that is allowed.
  /// - Returns: The coverage.
  public func coverage(atRisk risk: Double) -> Double {
    Double(risks.lastIndex { $0 <= risk }.map { $0 + 1 } ?? 0) / Double(risks.count)
  }
}

/// The indices of numbers in ascending order, those of equal ones together.
func ties(_ keys: [Double]) -> [[Int]] {
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
