/// Returns the result of a linear layer, whose weights have PyTorch's layout `[out, in]`.
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
  let (input, matrix) = (x.values, weight.values)
  let needsInput = x.node != nil, needsWeight = weight.node != nil, needsBias = bias?.node != nil
  var y = NDArray.matmul(input, matrix.transposed())
  if let bias { y = y + bias.values }
  return y.recorded("linear", from: [x, weight] + (bias.map { [$0] } ?? [])) { gradient in
    [
      needsInput ? .values(.matmul(gradient, matrix)) : nil,
      needsWeight ? .values(.matmul(gradient.transposed(), input)) : nil,
      needsBias ? .values(gradient.sum(axis: 0)) : nil,
    ]
  }
}

/// Returns the result of a linear layer from the layer's parameters; the weights stay packed for products.
///
/// For nonempty Float32 inputs of rank 2 or more the result is pending: the bias and following operations join the
/// product. The gradient of the weights is computed when it is read, at the latest in an optimizer's step.
package func linear(_ x: Tensor, weight: Parameter, bias: Parameter?) -> Tensor {
  guard x.dtype == .float32, weight.dtype == .float32, x.rank >= 2, x.shape[x.rank - 1] == weight.shape[1], x.count > 0
  else { return linear(x, weight: weight.value, bias: bias?.value) }
  let bias = bias?.value, layer = weight.leaf.id
  let needsWeight = gradientsEnabled && !weight.isFrozen
  let needsInput = gradientsEnabled && x.node != nil, needsBias = gradientsEnabled && bias?.node != nil
  let weights = CompactedWeights(weight.packedWeights)
  func product(_ x: NDArray) -> (input: CompactMatrix, result: NDArray) {
    let input = CompactMatrix(x)
    input.compute()
    let product = PendingProduct(.forward, of: input, weights: weights, bias: bias?.values, layer: layer)
    return (input, product.result(shape: x.rank == 2 ? nil : x.shape.dropLast() + [weight.shape[0]]))
  }
  guard needsInput || needsWeight || needsBias else {
    let y = x.values.onDistinctRows { product($0).result } ?? product(x.values).result
    return y.withoutHistory("linear", from: [x, weight.value] + (bias.map { [$0] } ?? []))
  }
  let (input, y) = product(x.values), shape = x.shape
  return y.recorded(
    "linear", nodes: [needsInput ? x.node : nil, needsWeight ? weight.leaf : nil, bias?.node],
    inputs: [x, weight.value] + (bias.map { [$0] } ?? [])
  ) { gradient in
    let gradient = CompactMatrix(gradient)
    gradient.compute()
    return [
      needsInput
        ? .values(
          PendingProduct(.inputGradient, of: gradient, weights: weights, layer: layer).result(shape: shape)) : nil,
      needsWeight ? .product(WeightGradient(input: input, gradient: gradient, layer: layer)) : nil,
      needsBias ? .values(gradient.sum()) : nil,
    ]
  }
}
