import MoultCore

/// Checks an elementwise function on every shape of `awkwardShapes` in every ``Layout``: its values in Float32 and
/// Float64 against `exact`, and its gradients.
///
/// - Parameters:
///   - name: The name of the function in messages.
///   - range: The range of the random inputs.
///   - bound: The maximum error in Float32, in units in the last place.
///   - function: The function to check.
///   - exact: The exact value of the function at a number.
/// - Returns: A message for each error, up to a limit; empty if there is none.
public func elementwiseErrors(
  _ name: String, in range: Range<Double> = -2..<2, ulps bound: Double = 2, _ function: (Tensor) -> Tensor,
  exact: (Double) -> Double
) -> [String] {
  withEvery("shape", in: awkwardShapes) { shape in
    let x = samples(shape, in: range)
    let wanted = Tensor(x.scalars(as: Double.self).map(exact), shape: shape)
    let narrow = x.cast(to: .float32)
    let wantedNarrow = narrow.scalars(as: Double.self).map(exact)
    return withEvery("layout", in: Layout.allCases) { layout in
      let result = function(layout.of(narrow))
      guard result.shape == shape, result.dtype == .float32 else {
        return ["\(name): got \(result.shape) \(result.dtype)"]
      }
      let wrong = zip(result.scalars(as: Float.self), wantedNarrow).filter { ulpError($0, exact: $1) > bound }
      return mismatches(function(layout.of(x)), wanted, absolute: 1e-14, relative: 1e-14)
        + wrong.prefix(3).map { "\(name): expected \($1), got \($0)" }
    } + gradientErrors(name, at: [x]) { function($0[0]) }
  }
}

/// Checks an elementwise function of two tensors that broadcast, on every pair of shapes of `broadcastPairs` in every
/// pair of layouts: its values against a simple loop over `exact`, and its gradients.
///
/// - Returns: A message for each error, up to a limit; empty if there is none.
public func broadcastErrors(
  _ name: String, in ranges: (Range<Double>, Range<Double>) = (-2..<2, -2..<2), _ function: (Tensor, Tensor) -> Tensor,
  exact: (Double, Double) -> Double
) -> [String] {
  withEvery("shapes", in: broadcastPairs) { shapes in
    let a = samples(shapes.0, in: ranges.0, seed: 1), b = samples(shapes.1, in: ranges.1, seed: 2)
    let wanted = naive(a, b, exact)
    return withEvery("layouts", in: combinations(Layout.allCases, Layout.allCases)) { first, second in
      let (x, y) = (first.of(a), second.of(b))
      return mismatches(function(x, y), wanted, absolute: 1e-14, relative: 1e-14)
        + mismatches(
          function(x.cast(to: .float32), y.cast(to: .float32)), wanted.cast(to: .float32), absolute: 1e-6,
          relative: 1e-6)
    } + gradientErrors(name, at: [a, b]) { function($0[0], $0[1]) }
  }
}

private func naive(_ a: Tensor, _ b: Tensor, _ exact: (Double, Double) -> Double) -> Tensor {
  let shape = Shape.broadcast(a.shape, b.shape) ?? []
  let (x, y) = (a.scalars(as: Double.self), b.scalars(as: Double.self))
  func place(_ index: Int, _ source: [Int]) -> Int {
    var (rest, at, step) = (index, 0, 1)
    for axis in shape.indices.reversed() {
      let position = rest % shape[axis], own = axis - (shape.count - source.count)
      rest /= shape[axis]
      guard own >= 0 else { continue }
      at += (source[own] == 1 ? 0 : position) * step
      step *= source[own]
    }
    return at
  }
  return Tensor(
    (0..<shape.reduce(1, *)).map { exact(x[place($0, a.shape)], y[place($0, b.shape)]) }, shape: shape)
}
