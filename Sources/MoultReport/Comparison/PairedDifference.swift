/// The mean difference of the test errors of two training configurations, paired by seed, with its standard error and
/// confidence interval.
///
/// The difference varies with the seed, and with the test samples. Both variances are added. This is conservative,
/// because the first contains a part of the second.
///
///     standardError = √(variance of the seeds' differences / R + variance of the samples' mean differences / n)
///
/// - Source: The degrees of freedom of such a sum are those of Satterthwaite, "An approximate distribution of estimates
///   of variance components", Biometrics 2, 1946.
package struct PairedDifference {
  /// The metric that is computed from the errors of a network on its test samples.
  package enum Figure {
    /// The mean of the errors. With 0 or 1 per sample it is the fraction of wrong predictions.
    case mean
    /// The root of the mean, times the unit of the target. With squared errors it is the RMSE.
    case rootMean(unit: Double)

    func value(_ errors: [Double]) -> Double {
      let mean = errors.reduce(0, +) / Double(errors.count)
      switch self {
      case .mean: return mean
      case .rootMean(let unit): return mean.squareRoot() * unit
      }
    }
  }

  /// The difference for each seed, second minus first: positive if the second configuration has the larger error.
  package let differences: [Double]
  /// The standard error of the mean difference; nil for a single seed.
  package let standardError: Double?
  /// The degrees of freedom of Student's t-distribution for the interval.
  private let degreesOfFreedom: Int
  /// The largest possible magnitude of a difference; nil if there is none.
  private let bound: Double?

  /// Computes the differences.
  ///
  /// - Parameters:
  ///   - first: The errors of the first configuration: for each seed, one error per test sample.
  ///   - second: The errors of the second configuration, for the same seeds and samples.
  ///   - figure: The metric that is computed from the errors of one seed.
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
    // Delta method: the derivative of the square root, at the mean of both errors, converts differences of squared
    // errors to differences of roots.
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
    // Welch–Satterthwaite degrees of freedom, rounded down. With two seeds the estimate of their variance is too
    // uncertain for the formula, so the smallest value is taken.
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

  /// The 95 % confidence interval of the mean difference, by Student's t, clipped to the possible differences; nil for
  /// a single seed.
  package var interval: ClosedRange<Double>? {
    standardError.map { error in
      let half = RepeatStatistics.quantile(degreesOfFreedom: degreesOfFreedom) * error
      let interval = (mean - half)...(mean + half)
      return bound.map { interval.clamped(to: -$0...$0) } ?? interval
    }
  }

  /// The conclusion from the interval.
  package enum Verdict: String {
    case helped, hurt
    case notShown = "not_shown"
  }

  /// Whether the second configuration has a smaller error (`helped`) or a larger one (`hurt`) with 95 % confidence; nil
  /// for a single seed.
  package var verdict: Verdict? {
    interval.map { interval in
      interval.upperBound < 0 ? .helped : interval.lowerBound > 0 ? .hurt : .notShown
    }
  }
}
