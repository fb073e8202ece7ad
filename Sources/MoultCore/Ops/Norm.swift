extension Tensor {
  /// Returns the p-norm of all elements, or the norms along `axes`, as PyTorch's `linalg.vector_norm`.
  ///
  ///     y = (Σ |x[i]|^p)^(1/p),   dx[i] = dy · sign(x[i]) · |x[i]|^(p - 1) / y^(p - 1)
  ///
  /// - Parameters:
  ///   - p: the order, more than 0. It is 2 for the Euclidean norm, 1 for the sum of magnitudes, and infinity for the
  ///     largest magnitude.
  ///   - axes: the axes to reduce, counted from the end if negative; nil for all axes.
  ///   - keepingDimensions: whether these axes stay in the shape with extent 1.
  /// - Edge cases: where the norm is 0, so is the gradient. If `p` is infinity, the largest magnitudes share the
  ///   gradient equally. The norm of no elements is 0; the largest of none stops the program.
  /// - Complexity: O(*n*).
  public func norm(_ p: Double = 2, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    requireFloatingPoint("norm")
    require(p > 0, "norm: expected an order p above 0, got \(p)")
    let reduction = Reduction(shape: shape, axes: axes, "norm"), x = values
    let norm = x.norm(p, reduction), kept = norm.reshaped(reduction.keptShape)
    return (keepingDimensions ? kept : norm).recorded(
      "norm",
      ["p": .double(p), "axes": .ints(reduction.removed), "keepingDimensions": .bool(keepingDimensions)], from: self
    ) { gradient in
      x.normGradient(p, norm: kept, upstream: gradient.reshaped(kept.shape), reduction)
    }
  }
}

extension NDArray {
  fileprivate func norm(_ p: Double, _ reduction: Reduction) -> NDArray {
    if p == 2 { return reduction.sum(self * self).mapped(.sqrt, "norm") }
    let magnitudes = mapped(.abs, "norm")
    if p == 1 { return reduction.sum(magnitudes) }
    guard p == .infinity else {
      return NDArray.power(reduction.sum(.power(magnitudes, p)), 1 / p)
    }
    let n = reduction.removedCount, rows = reduction.resultShape.reduce(1, *)
    require(n > 0, "norm: axes \(reduction.removed) of \(shape) are empty and have no largest magnitude")
    let lines = magnitudes.permuted(reduction.kept + reduction.removed).reshaped([rows, n])
    let largest = lines.indexOfExtremum(axis: 1, largest: true).scalars(as: Int64.self)
    return lines.gathered(largest.enumerated().map { $0 * n + Int($1) }, shape: reduction.resultShape)
  }

  /// - Parameters:
  ///   - norm: The norm, with the reduced axes kept.
  ///   - upstream: Its gradient, in its shape.
  fileprivate func normGradient(_ p: Double, norm: NDArray, upstream: NDArray, _ reduction: Reduction) -> NDArray {
    let zero = NDArray.zeros([], dtype: dtype), signs = mapped(.sign, "norm")
    if p == .infinity {
      let one = NDArray.full([], 1, dtype: dtype)
      let isLargest = NDArray.selected(.compared(mapped(.abs, "norm"), norm, .equal, "norm"), one, zero, "norm")
      return signs * isLargest * (upstream / reduction.sum(isLargest).reshaped(reduction.keptShape))
    }
    if p == 1 { return signs * upstream }
    let isZero = NDArray.compared(norm, zero, .equal, "norm")
    let scale = NDArray.selected(isZero, zero, upstream / (p == 2 ? norm : .power(norm, p - 1)), "norm")
    if p == 2 { return self * scale }
    let slope = signs * .power(mapped(.abs, "norm"), p - 1)
    return NDArray.selected(.compared(self, zero, .equal, "norm"), zero, slope, "norm") * scale
  }

  private static func power(_ x: NDArray, _ exponent: Double) -> NDArray {
    zipped(x, .full([], exponent, dtype: x.dtype), .pow, "norm")
  }
}
