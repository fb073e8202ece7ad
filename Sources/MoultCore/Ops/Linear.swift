/// A linear layer's map, with PyTorch's layout of the weights.
///
///     y[n, o] = Σ_i x[n, i] weight[o, i] + bias[o]
///
/// - Shapes: `x: [..., in]`, `weight: [out, in]`, `bias: [out]` -> `[..., out]`.
/// - Gradient: `dx = dy weight`, `dweight = dyᵀ x`, `dbias = Σ_n dy`, the sums over all leading axes.
/// - Complexity: O(*n · in · out*).
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
  x.requireFloatingPoint("linear")
  require(weight.rank == 2, "linear: expected weight: [out, in], got \(weight.shape)")
  let inputSize = weight.shape[1], outputSize = weight.shape[0]
  require(
    x.rank > 0 && x.shape[x.rank - 1] == inputSize,
    "linear: expected x: [..., \(inputSize)] for weight: \(weight.shape), got \(x.shape)")
  if let bias { require(bias.shape == [outputSize], "linear: expected bias: [\(outputSize)], got \(bias.shape)") }
  require(
    x.dtype == weight.dtype,
    "linear: expected x of the weight's type \(weight.dtype), got \(x.dtype); convert it with cast(to:)")
  guard x.rank == 2 else {
    let rows = x.shape.dropLast().reduce(1, *)
    return linear(x.reshaped([rows, inputSize]), weight: weight, bias: bias).reshaped(x.shape.dropLast() + [outputSize])
  }
  let (input, matrix) = (x.detached(), weight.detached())
  let hasBias = bias != nil
  let needsInput = x.node != nil, needsWeight = weight.node != nil
  var y = product(input, matrix.transposed())
  if let bias { y = y + bias.detached() }
  return y.recorded("linear", from: [x, weight] + (bias.map { [$0] } ?? [])) { gradient in
    [
      needsInput ? product(gradient, matrix) : nil,
      needsWeight ? product(gradient.transposed(), input) : nil,
    ] + (hasBias ? [gradient.sum(axis: 0)] : [])
  }
}

/// The same for a layer's own parameters, whose weights stay in the layout that products want.
///
/// The gradient by the weights is computed when somebody asks for it, at the latest by an optimizer's step.
package func linear(_ x: Tensor, weight: Parameter, bias: Parameter?) -> Tensor {
  guard x.dtype == .float32, weight.dtype == .float32, x.rank == 2, x.shape[1] == weight.shape[1], x.count > 0 else {
    return linear(x, weight: weight.value, bias: bias?.value)
  }
  let input = ThinnedMatrix(x), weights = BatchWeights(weight.panels), shift = bias?.value
  let layer = weight.leaf.id
  input.compute()
  let y = DeferredLayer.Product(input: input, weights: weights, bias: shift?.detached(), layer: layer).result
  guard gradientsEnabled else { return y }
  let needsInput = x.node != nil, needsWeight = !weight.isFrozen, needsBias = shift?.node != nil
  guard needsInput || needsWeight || needsBias else { return y }
  var result = y
  let node = Node("linear", inputs: [x.node, shift?.node]) { gradient in
    let gradient = ThinnedMatrix(gradient)
    gradient.compute()
    return [
      needsInput ? DeferredGradient.result(of: gradient, weights: weights, layer: layer) : nil,
      needsBias ? gradient.sum() : nil,
    ]
  }
  if needsWeight {
    node.weightProduct = (
      weight.leaf,
      { gradient in
        WeightProduct(input: input, gradient: ThinnedMatrix(gradient), layer: layer)
      }
    )
  }
  result.node = node
  return result
}
