import MoultCore

/// The random numbers of one call of a ``StochasticLayer``.
///
/// They are a pure function of the seed, the layer's number, the step, the sample and the unit
/// (Documentation/MaskLaw.md): neither the split of a batch nor the number of threads changes them, and nothing is
/// stored. Those of a ``DrawPattern/perCall`` layer are the ones of sample 0, whatever the rows.
public struct LayerDraws: Sendable {
  package let use: MaskUse
  /// The layer's rate when it was called; 0 for a layer without one.
  public let rate: Double
  /// The layer's mode when it was called: training or sampling.
  public let mode: Mode

  /// `x` with units dropped at the layer's rate, and the others multiplied by `1 / (1 - rate)`.
  ///
  /// In a ``DrawPattern/perCall`` layer all rows have the same numbers, so that a matrix loses whole columns. To drop
  /// single weights, flatten the matrix first: `draws.dropout(w.reshaped([w.count])).reshaped(w.shape)`.
  ///
  /// - Shapes: `x: [N, ...]` -> `[N, ...]`.
  /// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - sharing: Which elements are dropped together.
  ///   - batchAxis: The axis that runs over the samples.
  /// - Returns: A tensor of the same shape.
  public func dropout(_ x: Tensor, sharing: MaskSharing = .elementwise, batchAxis: Int = 0) -> Tensor {
    MoultCore.dropout(x, rate: rate, use: use, batchAxis: batchAxis, sharing: sharing)
  }

  /// Whether each unit is kept, with a probability of `1 - rate`: a mask of the mask law.
  ///
  /// - Parameters:
  ///   - rows: The number of samples; 1 for a ``DrawPattern/perCall`` layer.
  ///   - units: The number of units of a sample.
  ///   - part: The number of the mask in the call, 0 to 1,023.
  /// - Returns: Truth values `[rows, units]`, true for kept.
  public func kept(rows: Int, units: Int, part: Int = 0) -> Tensor {
    require((0..<1_024).contains(part), "LayerDraws.kept: expected a part in 0..<1024, got \(part)")
    return use.kept(rate: rate, rows: rows, units: units, part: UInt32(part))
  }

  /// Normally distributed numbers of mean 0 and standard deviation 1.
  ///
  /// In a ``DrawPattern/perCall`` layer all rows have the same numbers. For a matrix of weights, draw a vector and
  /// reshape it: `draws.normal([w.count]).reshaped(w.shape)`.
  ///
  /// - Parameters:
  ///   - shape: The shape, samples along `batchAxis`; a shape of rank 0 or 1 is one sample.
  ///   - batchAxis: The axis that runs over the samples.
  ///   - dtype: A floating-point type.
  ///   - draw: The number of the draw within the call, from 0: equal numbers give equal values, others independent
  ///     ones.
  /// - Returns: A tensor of that shape.
  public func normal(_ shape: [Int], batchAxis: Int = 0, dtype: DType = .float32, draw: Int = 0) -> Tensor {
    use.normal(shape, batchAxis: batchAxis, dtype: dtype, draw: Self.checked(draw))
  }

  /// Numbers spread evenly over 0 ..< 1.
  ///
  /// In a ``DrawPattern/perCall`` layer all rows have the same numbers. For a matrix of weights, draw a vector and
  /// reshape it: `draws.uniform([w.count]).reshaped(w.shape)`.
  ///
  /// - Parameters:
  ///   - shape: The shape, samples along `batchAxis`; a shape of rank 0 or 1 is one sample.
  ///   - batchAxis: The axis that runs over the samples.
  ///   - dtype: A floating-point type.
  ///   - draw: The number of the draw in the call, from 0.
  /// - Returns: A tensor of that shape.
  public func uniform(_ shape: [Int], batchAxis: Int = 0, dtype: DType = .float32, draw: Int = 0) -> Tensor {
    use.uniform(shape, batchAxis: batchAxis, dtype: dtype, draw: Self.checked(draw))
  }

  /// `normal(...) * scale + shift` with the same bits, in one pass.
  func noise(_ shape: [Int], batchAxis: Int, dtype: DType, scale: Double, shift: Double = 0) -> Tensor {
    use.noise(shape, batchAxis: batchAxis, dtype: dtype, scale: scale, shift: shift)
  }

  /// `log(u) - log(1 - u)` for `u = uniform(...)` with the same bits, in one pass.
  func logistic(_ shape: [Int], batchAxis: Int, dtype: DType) -> Tensor {
    use.logistic(shape, batchAxis: batchAxis, dtype: dtype)
  }

  private static func checked(_ draw: Int) -> UInt32 {
    guard let narrow = UInt32(exactly: draw) else {
      fatalError("LayerDraws: expected a draw in 0..<2^32, got \(draw)")
    }
    return narrow
  }
}
