/// The mean and standard deviation of a few repeats, with a confidence interval of the mean.
package struct RepeatStatistics: Sendable, Equatable {
  /// The number of values.
  package let count: Int
  /// The mean of the values; NaN if there are none.
  package let mean: Double
  /// The sample standard deviation, with divisor `count - 1`; `nil` for fewer than two values.
  package let standardDeviation: Double?

  /// Computes the statistics of the finite values; the others are ignored.
  package init(_ values: some Sequence<Double>) {
    let values = values.filter(\.isFinite)
    count = values.count
    let mean = values.reduce(0) { $0 + $1 / Double(values.count) }
    self.mean = values.isEmpty ? .nan : mean
    standardDeviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// Half the width of the 95 % confidence interval of the mean, by Student's t; `nil` for fewer than two values.
  package var margin: Double? {
    standardDeviation.map { Self.quantile(degreesOfFreedom: count - 1) * $0 / Double(count).squareRoot() }
  }

  /// Returns the 0.975 quantile of Student's t-distribution.
  ///
  /// - Source: `scipy.stats.t.ppf(0.975, n)` for up to 12 degrees of freedom; beyond, the expansion of Abramowitz and
  ///   Stegun 26.7.5 to its third term, with an error below 1e-4.
  package static func quantile(degreesOfFreedom count: Int) -> Double {
    let exact = [
      12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20099, 2.17881,
    ]
    if count >= 1, count <= exact.count { return exact[count - 1] }
    let z = 1.959964, n = Double(count)
    let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z)
    return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
      + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n)
  }
}
