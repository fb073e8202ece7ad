import MoultCore

/// Adds the output of a block to its input, and drops that output for whole samples in training.
///
///     y = x + dropPath(block(x))
///
/// ```swift
/// let rates = DropPath.linearRates(depth: 4, last: 0.5)
/// let model = Sequential(rates.map { Residual(rate: $0, Sequential(Linear(64, 64), ReLU())) })
/// ```
///
/// - Shapes: `x: [N, ...]` -> the same; `block` must keep the shape of its input.
/// - Gradient: `dy`, plus the gradient of the block for samples that were not dropped, times `1 / (1 - rate)`.
/// - Complexity: that of `block`, which is computed for dropped samples too: masks inside it depend on the row of a
///   sample in the batch, so no row is left out.
/// - Source: [He et al. 2016](https://arxiv.org/abs/1512.03385), [Huang et al. 2016](https://arxiv.org/abs/1603.09382).
public struct Residual<Block: Module>: Module where Block.Input == Tensor, Block.Output == Tensor {
  /// The block whose output is added to its input.
  public let block: Block
  /// The layer that drops the output of the block for whole samples.
  public let dropPath: DropPath

  /// Makes a residual block in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a sample's branch, 0 to 1; 0 for a plain residual block.
  ///   - block: The block whose output is added to its input; it must keep the shape of its input.
  ///   - stream: The number of `dropPath` in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number it.
  public init(rate: Double = 0, _ block: Block, stream: Int? = nil) {
    self.block = block
    dropPath = DropPath(rate, stream: stream)
  }

  /// Applies the block and adds its input.
  ///
  /// - Parameter x: The input of the block.
  /// - Returns: A tensor of the same shape. A block output of another shape stops the program.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let branch = block(x)
    require(
      branch.shape == x.shape,
      "Residual: expected a block that keeps the shape \(x.shape), got \(branch.shape)")
    return x + dropPath(branch)
  }
}
