import MoultCore

/// The sample numbers of the rows of a batch: `first`, `first + stride`, and so on, `count` in all.
package struct SampleProgression {
  let first: Int
  let stride: Int
  let count: Int

  /// Makes the samples of `count` rows under `withStep(_:firstSample:sampleStride:)`. Samples outside 0..<2^32 stop the
  /// program.
  package init(first: Int, stride: Int, count: Int) {
    let (span, isTooLong) = stride.multipliedReportingOverflow(by: max(count - 1, 0))
    let (last, isTooFar) = span.addingReportingOverflow(first)
    require(
      first >= 0 && stride >= 0 && count >= 0 && !isTooLong && !isTooFar && last < 1 << 32,
      "WorkerMasks: expected samples in 0..<2^32, got firstSample \(first), sampleStride \(stride) and \(count) rows")
    // A single row has one sample, whatever the stride: sums with a large one would overflow.
    (self.first, self.stride, self.count) = (first, count > 1 ? stride : 0, count)
  }

  private var last: Int { first + stride * max(count - 1, 0) }

  private func contains(_ sample: Int) -> Bool {
    guard count > 0, (first...last).contains(sample) else { return false }
    return stride == 0 || (sample - first) % stride == 0
  }

  /// Returns the number of rows whose sample is also a sample of `other`.
  ///
  /// Row `i` is such a row if `first + stride · i = other.first + other.stride · j` for a row `j` of `other`. The
  /// solutions `i` are evenly spaced.
  ///
  /// - Complexity: O(log *stride*), for any number of rows.
  package func rowsShared(with other: SampleProgression) -> Int {
    guard count > 0, other.count > 0 else { return 0 }
    guard stride > 0 else { return other.contains(first) ? count : 0 }
    let lowest = max(0, (other.first - first + stride - 1) / stride), distance = other.last - first
    let highest = distance < 0 ? -1 : min(count - 1, distance / stride)
    guard lowest <= highest else { return 0 }
    guard other.stride > 0 else { return contains(other.first) ? 1 : 0 }

    let (divisor, inverse) = Self.inverse(of: stride, modulo: other.stride)
    guard (other.first - first) % divisor == 0 else { return 0 }
    let period = other.stride / divisor
    // Strides are below 2^32, as `withStep` requires: the factors are below 2^32 and 2^31, and the product fits an Int.
    let start = ((other.first - first) / divisor % period) * (inverse % period) % period
    let solution = start < 0 ? start + period : start
    let before = lowest - solution
    let lowestSolution = solution + (before > 0 ? (before + period - 1) / period : 0) * period
    return lowestSolution > highest ? 0 : (highest - lowestSolution) / period + 1
  }

  /// Returns the greatest common divisor d of two positive numbers, and an x with a · x = d modulo b (extended
  /// Euclidean algorithm).
  private static func inverse(of a: Int, modulo b: Int) -> (divisor: Int, inverse: Int) {
    var (divisor, rest) = (a, b), (x, next) = (1, 0)
    while rest != 0 {
      let quotient = divisor / rest
      (divisor, rest) = (rest, divisor - quotient * rest)
      (x, next) = (next, x - quotient * next)
    }
    return (divisor, x)
  }
}
