import MoultCore
import MoultPlatform

/// The sums of the passes over some rows, in Double.
final class RowSums {
  /// Targets of the rows, Float64, and the precision of their noise, nil where the model says it.
  struct Observed {
    let values: Tensor
    let precision: Double?
  }

  let rows: Int
  /// Values of a row.
  let width: Int
  /// Other sums of a row: of entropies, or of variances of the noise.
  let extraWidth: Int
  private let hasNoise: Bool
  let observed: Observed?
  private let wantedError: Double?

  /// Each value of the first pass, and the sums of the differences from it and of their squares.
  let first, sum, squares: UnsafeMutablePointer<Double>
  let extra: UnsafeMutablePointer<Double>
  /// The greatest log-density of the passes, and the sum of e^(log-density - greatest).
  let greatest, scaled: UnsafeMutablePointer<Double>
  /// Passes so far.
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

  /// Whether every row has reached the standard error that was asked for.
  var areAllDone: Bool { wantedError != nil && isDone.allSatisfy { $0 } }

  /// The sum of the squared differences from the mean; rounding may not make it negative, NaN stays.
  func spread(_ at: Int, _ count: Double) -> Double {
    let spread = squares[at] - sum[at] * sum[at] / count
    return spread < 0 ? 0 : spread
  }

  /// Takes `values: [passes · rows, ...]`, pass after pass.
  ///
  /// - Parameter second: of the same shape: logarithms of the values, which are probabilities, or of variances of
  ///   noise.
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
          // 0 · log 0 is 0.
          entropy -= values[i] == 0 ? 0 : Double(values[i]) * Double(second[i])
        }
        extra[group] += entropy
      }
    }
  }

  /// Adds the density of a row's targets under one pass.
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
      scaled[row] += exp(density - greatest[row])  // NaN stays
    }
  }

  /// Whether each mean of a row is known well enough.
  private func hasReached(_ wanted: Double, _ row: Int, _ count: Double) -> Bool {
    (row * width..<(row + 1) * width).allSatisfy { spread($0, count) / (count - 1) / count <= wanted * wanted }
  }
}
