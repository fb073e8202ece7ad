import MoultCore

/// Checks the gradients of `function` at `inputs` against central differences in Float64.
///
/// The upstream gradient has different values everywhere, so a backward pass that exchanges elements is detected.
/// Gradients are checked for all Float64 inputs together and for each one alone, in each ``Layout``. In Float32, which
/// has other kernels, they must agree with the same differences within 1e-4.
///
/// - Parameters:
///   - name: The name of the operation in messages.
///   - inputs: The inputs; those of type Float64 are differentiated.
///   - epsilon: The step of the differences. Their error is about `epsilon^2` from curvature and `1e-16 / epsilon` from
///     rounding.
///   - absolute: The maximum absolute error of a gradient in Float64.
///   - relative: The maximum relative error of a gradient in Float64, added to `absolute`.
///   - function: The function to check.
/// - Returns: A message for each wrong element, at most eight; empty if there is none.
public func gradientErrors(
  _ name: String, at inputs: [Tensor], epsilon: Double = 1e-6, absolute: Double = 1e-7, relative: Double = 1e-5,
  _ function: ([Tensor]) -> Tensor
) -> [String] {
  let plain = withGradients(false) { function(inputs) }
  let upstream = upstreamGradient(plain.shape)
  let variables = inputs.indices.filter { inputs[$0].dtype == .float64 }
  let slopes = variables.map { differences(function, inputs, $0, upstream, epsilon) }
  let subsets = [variables] + (variables.count > 1 ? variables.map { [$0] } : [])
  var errors: [String] = []
  for layout in Layout.allCases {
    for subset in subsets {
      let arguments = inputs.indices.map { i in
        subset.contains(i) ? layout.of(inputs[i]).requiringGradient() : layout.of(inputs[i])
      }
      let output = function(arguments)
      let place = "\(name)\(inputs.map(\.shape)), \(layout), gradient wanted by \(subset)"
      guard output.requiresGradient else { return ["\(place): the result has no history"] }
      output.backward(gradient: layout.of(upstream))
      for input in subset {
        let wanted = slopes[variables.firstIndex(of: input) ?? 0]
        errors += lines(place, input, arguments[input], wanted, absolute, relative)
      }
    }
  }
  let narrow = inputs.indices.map { i in
    let x = Layout.spread.of(inputs[i])
    return variables.contains(i) ? x.cast(to: .float32).requiringGradient() : x
  }
  function(narrow).backward(gradient: upstream.cast(to: .float32))
  for (slope, input) in zip(slopes, variables) {
    errors += lines("\(name)\(inputs.map(\.shape)) in Float32", input, narrow[input], slope, 1e-4, 1e-4)
  }
  return Array(errors.prefix(8))
}

/// Returns a Float64 tensor whose elements differ in magnitude and alternate in sign.
public func upstreamGradient(_ shape: [Int]) -> Tensor {
  let count = shape.reduce(1, *)
  let values = (0..<count).map { (i: Int) -> Double in
    let size = Double(i + 1) / 7
    return i.isMultiple(of: 2) ? size : -size
  }
  return Tensor(values, shape: shape)
}

private func differences(
  _ function: ([Tensor]) -> Tensor, _ inputs: [Tensor], _ input: Int, _ upstream: Tensor, _ epsilon: Double
) -> [Double] {
  let elements: [Double] = inputs[input].scalars(), weights: [Double] = upstream.scalars()
  func outputs(_ element: Int, _ value: Double) -> [Double] {
    var moved = elements
    moved[element] = value
    var arguments = inputs
    arguments[input] = Tensor(moved, shape: inputs[input].shape)
    return withGradients(false) { function(arguments).scalars(as: Double.self) }
  }
  var slopes: [Double] = []
  for (place, element) in elements.enumerated() {
    let above: Double = element + epsilon, below: Double = element - epsilon
    let high = outputs(place, above), low = outputs(place, below)
    var change: Double = 0
    for (i, weight) in weights.enumerated() {
      let difference: Double = high[i] - low[i]
      change += difference * weight
    }
    slopes.append(change / (above - below))
  }
  return slopes
}

private func lines(
  _ place: String, _ input: Int, _ variable: Tensor, _ wanted: [Double], _ absolute: Double, _ relative: Double
) -> [String] {
  guard let gradient = variable.gradient else { return ["\(place): input \(input) got no gradient"] }
  guard gradient.shape == variable.shape, gradient.dtype == variable.dtype else {
    return ["\(place): input \(input) is \(variable.shape), its gradient \(gradient.shape) \(gradient.dtype)"]
  }
  return zip(wanted, gradient.scalars(as: Double.self)).enumerated().compactMap { element, pair in
    let (expected, got) = pair
    if (got - expected).magnitude <= absolute + relative * expected.magnitude { return nil }
    return "\(place): input \(input), element \(element): expected \(expected), got \(got)"
  }
}
