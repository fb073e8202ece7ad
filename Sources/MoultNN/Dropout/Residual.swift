import MoultCore

/// A block whose result is added to its input, and dropped sample by sample in training.
///
///     y = x + dropPath(block(x))
///
/// ```swift
/// let rates = DropPath.linearRates(depth: 4, last: 0.5)
/// let model = Sequential(rates.map { Residual(rate: $0, Sequential(Linear(64, 64), ReLU())) })
/// ```
///
/// - Shapes: `block` keeps the shape of its input.
/// - Gradient: that of the block for samples that were not dropped, and `dy` itself.
/// - Complexity: that of `block`, which sees all samples: a mask belongs to the place of a sample in its batch.
/// - Source: [He et al. 2016](https://arxiv.org/abs/1512.03385), [Huang et al. 2016](https://arxiv.org/abs/1603.09382).
public struct Residual<Block: Module>: Module where Block.Input == Tensor, Block.Output == Tensor {
  /// The block whose output is added to its input.
  public let block: Block
  /// Drops the output of the block, sample by sample.
  public let dropPath: DropPath

  /// Wraps a block.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a sample's branch, 0 to 1; 0 for a plain residual block.
  ///   - block: The block whose output is added to its input.
  ///   - stream: The number of `dropPath` in the mask law, to pin it.
  public init(rate: Double = 0, _ block: Block, stream: Int? = nil) {
    self.block = block
    dropPath = DropPath(rate, stream: stream)
  }

  /// Applies the block.
  ///
  /// - Parameter x: The input.
  /// - Returns: A tensor of the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let branch = block(x)
    require(
      branch.shape == x.shape,
      "Residual: expected a block that keeps the shape \(x.shape), got \(branch.shape)")
    return x + dropPath(branch)
  }
}
