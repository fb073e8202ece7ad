/// A function of a line of numbers whose result at a position depends on the numbers up to there.
package enum Scan: Sendable {
  /// The sum of the numbers up to each position.
  case sum
  /// The sum of the numbers from each position on.
  case reversedSum
  /// The product of the numbers up to each position.
  case product
}

extension NDArray {
  /// Applies `scan` to each line along `axis`. Sums and products are kept in Double and rounded to the dtype at each
  /// position.
  package func scanned(_ scan: Scan, axis: Int) -> NDArray {
    guard axis == rank - 1 else {
      return transposed(axis, rank - 1).scanned(scan, axis: rank - 1).transposed(axis, rank - 1)
    }
    let source = contiguous(), result = Storage(count: count, dtype: dtype), n = shape[axis]
    func run<S: TensorScalar & BinaryFloatingPoint>(_ type: S.Type) {
      let x = source.pointer(as: S.self), y = result.pointer(as: S.self)
      parallelFor(count / Swift.max(n, 1), elements: n) { lines in
        for line in lines {
          let x = x + line * n, y = y + line * n
          var value = scan == .product ? 1.0 : 0.0
          func take(_ i: Int) {
            value = scan == .product ? value * Double(x[i]) : value + Double(x[i])
            y[i] = S(value)
          }
          if scan == .reversedSum {
            for i in (0..<n).reversed() { take(i) }
          } else {
            for i in 0..<n { take(i) }
          }
        }
      }
    }
    if dtype == .float32 { run(Float.self) } else { run(Double.self) }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: shape)
  }

  /// Returns the gradient of the cumulative product of this array along `axis`, for the gradient `upstream` of the
  /// result.
  ///
  ///     dx[k] = before[k] · after[k],   before[k] = x[0] ⋯ x[k-1],   after[k] = dy[k] + x[k+1] · after[k+1]
  ///
  /// Nothing is divided by an element, so that zeros need no special case.
  package func cumulativeProductGradient(_ upstream: NDArray, axis: Int) -> NDArray {
    guard axis == rank - 1 else {
      return transposed(axis, rank - 1)
        .cumulativeProductGradient(upstream.transposed(axis, rank - 1), axis: rank - 1).transposed(axis, rank - 1)
    }
    let source = contiguous(), gradient = upstream.contiguous(), n = shape[axis]
    let result = Storage(count: count, dtype: dtype)
    func run<S: TensorScalar & BinaryFloatingPoint>(_ type: S.Type) {
      let x = source.pointer(as: S.self), dy = gradient.pointer(as: S.self), dx = result.pointer(as: S.self)
      parallelFor(count / Swift.max(n, 1), elements: n) { lines in
        var before = [Double](repeating: 1, count: n)
        for line in lines {
          let x = x + line * n, dy = dy + line * n, dx = dx + line * n
          for k in 0..<Swift.max(n - 1, 0) { before[k + 1] = before[k] * Double(x[k]) }
          var after = 0.0
          for k in (0..<n).reversed() {
            after = Double(dy[k]) + (k + 1 < n ? Double(x[k + 1]) * after : 0)
            dx[k] = S(before[k] * after)
          }
        }
      }
    }
    if dtype == .float32 { run(Float.self) } else { run(Double.self) }
    withExtendedLifetime((source, gradient)) {}
    return NDArray(storage: result, shape: shape)
  }
}
