import MoultCore
import MoultPlatform

/// The sums over the passes of some rows, in Double.
final class RowSums {
  /// The targets of the rows, in Float64, and the precision of their noise; nil if the model predicts the noise.
  struct Observed {
    let values: Tensor
    let precision: Double?
  }

  let rows: Int
  /// The number of values per row.
  let width: Int
  /// The number of additional sums per row: of entropies, or of noise variances.
  let extraWidth: Int
  private let hasNoise: Bool
  let observed: Observed?
  private let wantedError: Double?

  /// The values of the first pass, the sums of the differences from them, and the sums of the squared differences.
  let first, sum, squares: UnsafeMutablePointer<Double>
  let extra: UnsafeMutablePointer<Double>
  /// The largest log-density of a pass for each row, and the sum over the passes of e^(log-density - largest).
  let greatest, scaled: UnsafeMutablePointer<Double>
  /// The number of passes of each row so far.
  private(set) var passes: [Int]
  private var isDone: [Bool]
  private let memory: Storage

  init(
    rows: Int, width: Int, entropies: Int, hasNoise: Bool, observed: Observed?, wantedError: Double?
  ) {
    (self.rows, self.width, self.hasNoise) = (rows, width, hasNoise)
    (self.observed, self.wantedError) = (observed, wantedError)
    extraWidth = hasNoise ? width : entropies
    let counts = [rows * width, rows * width, rows * width, rows * extraWidth, rows, rows]
    memory = Storage(count: counts.reduce(0, +), dtype: .float64)
    var at = memory.pointer(as: Double.self)
    let parts = counts.map { count in
      defer { at += count }
      at.update(repeating: 0, count: count)
      return at
    }
    (first, sum, squares, extra, greatest, scaled) = (parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
    greatest.update(repeating: -.infinity, count: rows)
    passes = Array(repeating: 0, count: rows)
    isDone = Array(repeating: false, count: rows)
  }

  /// Whether every row has reached the requested standard error.
  var areAllDone: Bool { wantedError != nil && isDone.allSatisfy { $0 } }

  /// Returns the sum of the squared differences from the mean of the value at index `at` after `count` passes. It is
  /// never negative despite rounding; NaN stays NaN.
  func spread(_ at: Int, _ count: Double) -> Double {
    let spread = squares[at] - sum[at] * sum[at] / count
    return spread < 0 ? 0 : spread
  }

  /// Adds `values: [passes · rows, ...]`, in pass-major order.
  ///
  /// - Parameter second: In the shape of `values`: the logarithms of the probabilities in `values`, or log-variances of
  ///   the noise; nil for a plain regression.
  func add<S: TensorScalar & BinaryFloatingPoint>(_ values: Tensor, _ second: Tensor?, passes: Int, _: S.Type) {
    let values = values.values.contiguous(), second = second?.values.contiguous()
    let from = values.pointer(as: S.self), other = second?.pointer(as: S.self)
    add(from, other, passes: passes)
    withExtendedLifetime((values, second)) {}
  }

  private func add<S: BinaryFloatingPoint>(
    _ values: UnsafePointer<S>, _ second: UnsafePointer<S>?, passes count: Int
  ) {
    let targets = observed?.values.values.pointer(as: Double.self)
    self.passes.withUnsafeMutableBufferPointer { passes in
      isDone.withUnsafeMutableBufferPointer { isDone in
        nonisolated(unsafe) let (passes, isDone) = (passes, isDone)
        parallelFor(rows, elements: 8 * width * count) { range in
          for row in range {
            for pass in 0..<count where !isDone[row] {
              let at = (pass * rows + row) * width
              addRow(row, values + at, second.map { $0 + at }, isFirst: passes[row] == 0)
              if let targets { observe(row, values + at, second.map { $0 + at }, targets + row * width) }
              passes[row] += 1
              if let wantedError, passes[row] % PassStatistics.passesBetweenChecks == 0 {
                isDone[row] = hasReached(wantedError, row, Double(passes[row]))
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func addRow<S: BinaryFloatingPoint>(
    _ row: Int, _ values: UnsafePointer<S>, _ second: UnsafePointer<S>?, isFirst: Bool
  ) {
    let first = first + row * width, sum = sum + row * width, squares = squares + row * width
    if isFirst {
      for i in 0..<width { first[i] = Double(values[i]) }
    } else {
      for i in 0..<width {
        let difference = Double(values[i]) - first[i]
        sum[i] += difference
        squares[i] += difference * difference
      }
    }
    guard let second else { return }
    let extra = extra + row * extraWidth
    if hasNoise {
      for i in 0..<width { extra[i] += exp(Double(second[i])) }
    } else {
      let classes = width / max(extraWidth, 1)
      for group in 0..<extraWidth {
        var entropy = 0.0
        for i in group * classes..<(group + 1) * classes {
          // 0 · log 0 counts as 0.
          entropy -= values[i] == 0 ? 0 : Double(values[i]) * Double(second[i])
        }
        extra[group] += entropy
      }
    }
  }

  /// Adds the density of a row's targets in one pass.
  private func observe<S: BinaryFloatingPoint>(
    _ row: Int, _ values: UnsafePointer<S>, _ logVariances: UnsafePointer<S>?, _ targets: UnsafePointer<Double>
  ) {
    var density = 0.0
    for i in 0..<width {
      let logVariance = observed?.precision.map { -log($0) } ?? logVariances.map { Double($0[i]) } ?? .nan
      let difference = (targets[i] - Double(values[i])) * exp(-0.5 * logVariance)
      density -= 0.5 * (logVariance + log(2 * Double.pi) + difference * difference)
    }
    if density > greatest[row] {
      scaled[row] = scaled[row] * exp(greatest[row] - density) + 1
      greatest[row] = density
    } else if density != -.infinity {
      scaled[row] += exp(density - greatest[row])  // a density of NaN gives NaN
    }
  }

  /// Whether the standard errors of all means of a row are at most `wanted`.
  private func hasReached(_ wanted: Double, _ row: Int, _ count: Double) -> Bool {
    (row * width..<(row + 1) * width).allSatisfy { spread($0, count) / (count - 1) / count <= wanted * wanted }
  }
}
