/// Returns the elements under a window that slides over signals or images, as PyTorch's `unfold`: a convolution is a
/// matrix product with them.
///
///     y[n, c · windowCount + i, l] = x[n, c, position of element i of window l]
///
/// - Parameters:
///   - kernel: the extents of the window: one number for `[N, C, T]`, two for `[N, C, H, W]`.
///   - dilation: the distance between the elements of a window along each axis; nil for 1.
///   - padding: how many zeros are added at both ends of each axis; nil for 0.
///   - stride: the distance between windows along each axis; nil for 1.
/// - Shapes: `x: [N, C, T]` or `[N, C, H, W]`, floating point -> `[N, C · windowCount, L]`. A window has `windowCount`
///   elements, row by row; there are `L` windows, row by row. An axis of extent *e* has (*e* + 2 · padding - dilation
///   · (kernel - 1) - 1) / stride + 1 of them, rounded down.
/// - Gradient: ``fold(_:size:kernel:dilation:padding:stride:)`` of `dy`.
/// - Edge cases: stops the program if an axis with its padding is shorter than the window.
/// - Complexity: O(*n*) in the size of the result.
public func unfold(
  _ x: Tensor, kernel: [Int], dilation: [Int]? = nil, padding: [Int]? = nil, stride: [Int]? = nil
) -> Tensor {
  require(
    x.rank == kernel.count + 2,
    "unfold: expected x: [N, C, T] and a kernel of one number, or [N, C, H, W] and two, got \(x.shape) and \(kernel)")
  x.requireFloatingPoint("unfold")
  let shape = x.shape, planes = shape[0] * shape[1]
  let window = Window(kernel, dilation, padding, stride, "unfold")
  let grid = window.grid(on: Array(shape.dropFirst(2)), "unfold")
  return x.values.reshaped([planes, grid.size.rows, grid.size.columns]).unfolded(grid)
    .reshaped([shape[0], shape[1] * grid.windowCount, grid.count])
    .recorded("unfold", window.attributes, from: x) { gradient in
      gradient.folded(grid, planes: planes).reshaped(shape)
    }
}

/// The settings of a sliding window: a number for each axis.
struct Window {
  let kernel, dilation, padding, stride: [Int]

  init(_ kernel: [Int], _ dilation: [Int]?, _ padding: [Int]?, _ stride: [Int]?, _ caller: StaticString) {
    func setting(_ numbers: [Int]?, _ standard: Int, least: Int, _ name: String) -> [Int] {
      let numbers = numbers ?? [Int](repeating: standard, count: kernel.count)
      require(
        numbers.count == kernel.count && numbers.allSatisfy { $0 >= least },
        "\(caller): expected \(kernel.count) numbers of \(least) or more for \(name), got \(numbers)")
      return numbers
    }
    require(
      (1...2).contains(kernel.count), "\(caller): expected a kernel of one or two numbers, got \(kernel)")
    self.kernel = setting(kernel, 1, least: 1, "kernel")
    self.dilation = setting(dilation, 1, least: 1, "dilation")
    self.padding = setting(padding, 0, least: 0, "padding")
    self.stride = setting(stride, 1, least: 1, "stride")
  }

  var attributes: OperationAttributes {
    ["kernel": .ints(kernel), "dilation": .ints(dilation), "padding": .ints(padding), "stride": .ints(stride)]
  }

  /// Returns the grid of windows on planes of the given extents; a signal is a plane of one row.
  func grid(on size: [Int], _ caller: StaticString) -> WindowGrid {
    let axes = size.indices.map { i in
      WindowAxis(
        extent: size[i], kernel: kernel[i], dilation: dilation[i], padding: padding[i], stride: stride[i])
    }
    for (axis, extent) in zip(axes, size) {
      require(
        axis.count > 0,
        "\(caller): a window of \(kernel), dilation \(dilation), does not fit extent \(extent), padding \(padding)"
      )
    }
    let row = WindowAxis(extent: 1, kernel: 1, dilation: 1, padding: 0, stride: 1)
    return axes.count == 2 ? WindowGrid(axes[0], axes[1]) : WindowGrid(row, axes[0])
  }
}
