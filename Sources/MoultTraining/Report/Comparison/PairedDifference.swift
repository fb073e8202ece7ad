/// By how much two ways of training differ in their error on the same test samples, seed by seed, and how sure that is.
///
/// Two kinds of chance are in it: another seed gives other networks, and other test samples would have given other errors.
/// Their variances are added, which is on the safe side, as the first holds a part of the second.
///
///     standardError = √(variance of the seeds' differences / R + variance of the samples' mean differences / n)
package struct PairedDifference {
  /// How errors of samples make the figure of a network.
  package enum Figure {
    /// The mean: the share of wrong answers.
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

  /// - Parameters:
  ///   - first: The errors of each seed's samples with the first way.
  ///   - second: The same with the second way: as many seeds and samples.
  package init(_ first: [[Double]], _ second: [[Double]], _ figure: Figure) {
    differences = zip(first, second).map { figure.value($1) - figure.value($0) }
    let seeds = Double(differences.count), samples = first.first?.count ?? 0
    guard differences.count > 1, samples > 1 else {
      standardError = nil
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
    standardError =
      (Self.variance(differences) / seeds + slope * slope * Self.variance(ofSamples) / Double(samples)).squareRoot()
  }

  private static func variance(_ values: [Double]) -> Double {
    let count = Double(values.count), mean = values.reduce(0, +) / count
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
  }

  package var mean: Double { differences.reduce(0, +) / Double(differences.count) }

  /// The interval that holds the true mean difference with 95 % confidence, by Student's t with a degree of freedom less than
  /// there are seeds.
  package var interval: ClosedRange<Double>? {
    standardError.map { error in
      let half = RepeatStatistics.quantile(degreesOfFreedom: differences.count - 1) * error
      return (mean - half)...(mean + half)
    }
  }

  /// What may be said.
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
