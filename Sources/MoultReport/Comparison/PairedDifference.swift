/// By how much two ways of training differ in their error on the same test samples, seed by seed, and how sure that is.
///
/// Two kinds of chance are in it: another seed gives other networks, and other test samples would have given other
/// errors. Their variances are added, which is on the safe side, as the first holds a part of the second.
///
///     standardError = √(variance of the seeds' differences / R + variance of the samples' mean differences / n)
///
/// - Source: the degrees of freedom of such a sum: Satterthwaite, "An approximate distribution of estimates of variance
///   components", Biometrics 2, 1946.
package struct PairedDifference {
  /// How errors of samples make the figure of a network.
  package enum Figure {
    /// The mean: the share of wrong predictions.
    case mean
    /// The root of the mean, times the unit of the quantity: the RMSE.
    case rootMean(unit: Double)

    func value(_ errors: [Double]) -> Double {
      let mean = errors.reduce(0, +) / Double(errors.count)
      switch self {
      case .mean: return mean
      case .rootMean(let unit): return mean.squareRoot() * unit
      }
    }
  }

  /// The difference for each seed: above 0 where the second way has the greater error.
  package let differences: [Double]
  /// Of the mean difference; nil of one seed, which cannot tell.
  package let standardError: Double?
  /// Of Student's distribution, for the interval.
  private let degreesOfFreedom: Int
  /// No difference is greater; nil where there is no such bound.
  private let bound: Double?

  /// - Parameters:
  ///   - first: The errors of each seed's samples with the first way.
  ///   - second: The same with the second way: as many seeds and samples.
  package init(_ first: [[Double]], _ second: [[Double]], _ figure: Figure) {
    differences = zip(first, second).map { figure.value($1) - figure.value($0) }
    bound = if case .mean = figure { 1 } else { nil }
    let seeds = Double(differences.count), samples = first.first?.count ?? 0
    guard differences.count > 1, samples > 1 else {
      (standardError, degreesOfFreedom) = (nil, 0)
      return
    }
    let ofSamples = (0..<samples).map { sample in
      zip(first, second).reduce(0) { $0 + $1.1[sample] - $1.0[sample] } / seeds
    }
    // The root bends the scale: its slope at the mean of both errors takes differences of squares to those of roots.
    let slope: Double
    switch figure {
    case .mean: slope = 1
    case .rootMean(let unit):
      let roots = zip(first, second).reduce(0) { $0 + (figure.value($1.0) + figure.value($1.1)) / unit } / seeds
      slope = roots > 0 ? unit / roots : 0
    }
    let ofSeeds = Self.variance(differences) / seeds
    let ofTheSamples = slope * slope * Self.variance(ofSamples) / Double(samples)
    let sum = ofSeeds + ofTheSamples
    standardError = sum.squareRoot()
    // Welch and Satterthwaite, rounded down. The variance of two seeds is too poor a guess to be weighed with the
    // other.
    let squares = ofSeeds * ofSeeds / (seeds - 1) + ofTheSamples * ofTheSamples / Double(samples - 1)
    let least = differences.count - 1
    degreesOfFreedom =
      differences.count == 2 || squares == 0 ? least : max(least, Int(min(sum * sum / squares, 1e9)))
  }

  private static func variance(_ values: [Double]) -> Double {
    let count = Double(values.count), mean = values.reduce(0, +) / count
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
  }

  package var mean: Double { differences.reduce(0, +) / Double(differences.count) }

  /// The interval that holds the true mean difference with 95 % confidence, by Student's t, within what differences can
  /// be.
  package var interval: ClosedRange<Double>? {
    standardError.map { error in
      let half = RepeatStatistics.quantile(degreesOfFreedom: degreesOfFreedom) * error
      let interval = (mean - half)...(mean + half)
      return bound.map { interval.clamped(to: -$0...$0) } ?? interval
    }
  }

  /// The conclusion that the differences allow.
  package enum Verdict: String {
    case helped, hurt
    case notShown = "not_shown"
  }

  /// Whether the second way has surely the lesser error; nil of one seed.
  package var verdict: Verdict? {
    interval.map { interval in
      interval.upperBound < 0 ? .helped : interval.lowerBound > 0 ? .hurt : .notShown
    }
  }
}
