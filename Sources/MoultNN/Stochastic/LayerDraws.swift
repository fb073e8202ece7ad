import MoultCore

/// The random numbers of one call of a ``StochasticLayer``.
///
/// The numbers are a pure function of the seed, the layer number, the step, the sample and the unit
/// (Documentation/MaskLaw.md). They do not depend on how a batch is split or on the number of threads, and are not
/// stored. If the layer is ``DrawPattern/perCall``, all rows get the numbers of sample 0.
public struct LayerDraws: Sendable {
  package let use: MaskUse
  /// The rate of the layer at the call; 0 for a layer without a rate.
  public let rate: Double
  /// The mode of the layer at the call: training or sampling.
  public let mode: Mode

  /// Returns `x` with units dropped at the layer's rate and the kept units multiplied by `1 / (1 - rate)`.
  ///
  /// If the layer is ``DrawPattern/perCall``, all rows get the same mask, so that whole columns of a matrix are
  /// dropped. To drop single weights, flatten the matrix: `draws.dropout(w.reshaped([w.count])).reshaped(w.shape)`.
  ///
  /// - Shapes: `x: [N, ...]` -> `[N, ...]`.
  /// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - sharing: The elements that share one mask bit and are dropped together.
  ///   - batchAxis: The axis of the samples.
  /// - Returns: A tensor of the shape of `x`.
  public func dropout(_ x: Tensor, sharing: MaskSharing = .elementwise, batchAxis: Int = 0) -> Tensor {
    MoultCore.dropout(x, rate: rate, use: use, batchAxis: batchAxis, sharing: sharing)
  }

  /// Returns a mask that keeps each unit with probability `1 - rate`.
  ///
  /// - Parameters:
  ///   - rows: The number of samples; 1 for a ``DrawPattern/perCall`` layer.
  ///   - units: The number of units per sample.
  ///   - part: The number of the mask within the call, 0 to 1,023: different numbers give independent masks.
  /// - Returns: Truth values `[rows, units]`, true for a kept unit.
  public func kept(rows: Int, units: Int, part: Int = 0) -> Tensor {
    require((0..<1_024).contains(part), "LayerDraws.kept: expected a part in 0..<1024, got \(part)")
    return use.kept(rate: rate, rows: rows, units: units, part: UInt32(part))
  }

  /// Returns numbers from the normal distribution of mean 0 and standard deviation 1.
  ///
  /// If the layer is ``DrawPattern/perCall``, all rows get the same numbers. For a weight matrix, draw a vector and
  /// reshape it: `draws.normal([w.count]).reshaped(w.shape)`.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result, with the samples along `batchAxis`; rank 0 or 1 is one sample.
  ///   - batchAxis: The axis of the samples.
  ///   - dtype: The element type, a floating-point type.
  ///   - draw: The number of the draw within the call, from 0: equal numbers give equal values, different numbers
  ///     independent values.
  /// - Returns: A tensor of shape `shape`.
  public func normal(_ shape: [Int], batchAxis: Int = 0, dtype: DType = .float32, draw: Int = 0) -> Tensor {
    use.normal(shape, batchAxis: batchAxis, dtype: dtype, draw: Self.checked(draw))
  }

  /// Returns numbers from the uniform distribution over 0 ..< 1.
  ///
  /// If the layer is ``DrawPattern/perCall``, all rows get the same numbers. For a weight matrix, draw a vector and
  /// reshape it: `draws.uniform([w.count]).reshaped(w.shape)`.
  ///
  /// - Parameters:
  ///   - shape: The shape of the result, with the samples along `batchAxis`; rank 0 or 1 is one sample.
  ///   - batchAxis: The axis of the samples.
  ///   - dtype: The element type, a floating-point type.
  ///   - draw: The number of the draw within the call, from 0: equal numbers give equal values, different numbers
  ///     independent values.
  /// - Returns: A tensor of shape `shape`.
  public func uniform(_ shape: [Int], batchAxis: Int = 0, dtype: DType = .float32, draw: Int = 0) -> Tensor {
    use.uniform(shape, batchAxis: batchAxis, dtype: dtype, draw: Self.checked(draw))
  }

  /// Returns `normal(...) * scale + shift`, with the same bits, computed in one loop over the elements.
  func noise(_ shape: [Int], batchAxis: Int, dtype: DType, scale: Double, shift: Double = 0) -> Tensor {
    use.noise(shape, batchAxis: batchAxis, dtype: dtype, scale: scale, shift: shift)
  }

  /// Returns `log(u) - log(1 - u)` for `u = uniform(...)`, with the same bits, computed in one loop over the elements.
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
