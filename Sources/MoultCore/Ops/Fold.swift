/// Adds up the elements of windows that slide over signals or images, as PyTorch's `fold`: each element of the result
/// is the sum of all elements that ``unfold(_:kernel:dilation:padding:stride:)`` takes from its place.
///
/// - Parameters:
///   - size: the extents of the result: `[T]` for signals, `[H, W]` for images.
///   - kernel: the extents of the window, as many as `size` has.
///   - dilation: the distance between the elements of a window along each axis; nil for 1.
///   - padding: how many elements at both ends of each axis are left out of the result; nil for 0.
///   - stride: the distance between windows along each axis; nil for 1.
/// - Shapes: `x: [N, C · windowCount, L]`, floating point -> `[N, C, T]` or `[N, C, H, W]`.
/// - Gradient: ``unfold(_:kernel:dilation:padding:stride:)`` of `dy`.
/// - Complexity: O(*n*). The order of additions is fixed.
public func fold(
  _ x: Tensor, size: [Int], kernel: [Int], dilation: [Int]? = nil, padding: [Int]? = nil, stride: [Int]? = nil
) -> Tensor {
  require(size.count == kernel.count, "fold: expected a kernel of \(size.count) numbers as the size, got \(kernel)")
  x.requireFloatingPoint("fold")
  let window = Window(kernel, dilation, padding, stride, "fold"), grid = window.grid(on: size, "fold")
  require(
    x.rank == 3 && x.shape[1] % grid.windowCount == 0 && x.shape[2] == grid.count,
    "fold: expected x: [N, C · \(grid.windowCount), \(grid.count)] for windows of \(kernel) on "
      + "\(size), got \(x.shape)")
  let source = x.shape, samples = source[0], channels = source[1] / grid.windowCount
  return x.values.reshaped([source[0] * source[1], source[2]]).folded(grid, planes: samples * channels)
    .reshaped([samples, channels] + size)
    .recorded("fold", window.attributes, from: x) { gradient in
      gradient.reshaped([samples * channels, grid.size.rows, grid.size.columns]).unfolded(grid).reshaped(source)
    }
}
