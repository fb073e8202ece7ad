/// The positions of a window that slides over planes of `size` elements, as in a convolution.
package struct WindowGrid: Sendable {
  /// Rows and columns of a plane.
  package let size: (rows: Int, columns: Int)
  private let rows, columns: WindowAxis

  /// Makes a grid from the settings of both axes, rows first.
  package init(_ rows: WindowAxis, _ columns: WindowAxis) {
    (self.rows, self.columns) = (rows, columns)
    size = (rows.extent, columns.extent)
  }

  /// The number of elements in a window.
  package var windowCount: Int { rows.kernel * columns.kernel }
  /// The number of windows on a plane.
  package var count: Int { rows.count * columns.count }

  /// Calls `body` for each row of windows at offset `place` within the window, where it lies inside the plane.
  ///
  /// - Parameter body: Gets the number of the first window, the number of windows, the index of the element in the
  ///   plane under the first, and the distance between two of these elements.
  @inline(__always)
  fileprivate func forEachRow(place: Int, _ body: (_ window: Int, _ count: Int, _ element: Int, _ step: Int) -> Void) {
    let (i, j) = (place / columns.kernel, place % columns.kernel)
    let inside = columns.windowsInside(at: j)
    for row in rows.windowsInside(at: i) {
      let element = rows.position(row, at: i) * size.columns + columns.position(inside.lowerBound, at: j)
      body(row * columns.count + inside.lowerBound, inside.count, element, columns.stride)
    }
  }
}

/// The positions of a window along one axis.
package struct WindowAxis: Sendable {
  let extent, kernel, dilation, padding, stride: Int

  package init(extent: Int, kernel: Int, dilation: Int, padding: Int, stride: Int) {
    (self.extent, self.kernel, self.dilation) = (extent, kernel, dilation)
    (self.padding, self.stride) = (padding, stride)
  }

  /// The number of windows; 0 or less if the axis is shorter than a window.
  package var count: Int {
    let rest = extent + 2 * padding - dilation * (kernel - 1) - 1
    return rest < 0 ? 0 : rest / stride + 1
  }

  /// The position on the axis of element `place` of window `window`, outside `0..<extent` in the padding.
  fileprivate func position(_ window: Int, at place: Int) -> Int { window * stride - padding + place * dilation }

  /// The windows whose element `place` is not in the padding.
  fileprivate func windowsInside(at place: Int) -> Range<Int> {
    let first = position(0, at: place)
    let lower = first >= 0 ? 0 : (-first + stride - 1) / stride
    let upper = first >= extent ? 0 : (extent - 1 - first) / stride + 1
    return min(lower, count)..<max(min(lower, count), min(upper, count))
  }
}

extension NDArray {
  /// Returns the elements under each window of planes `[P, rows, columns]`, as `[P · windowCount, count]`: row `p ·
  /// windowCount + i` has element `i` of all windows on plane `p`. Padding is zero.
  package func unfolded(_ grid: WindowGrid) -> NDArray {
    let source = contiguous(), planes = shape[0], plane = grid.size.rows * grid.size.columns
    let result = NDArray.zeros([planes * grid.windowCount, grid.count], dtype: dtype)
    func take<S: TensorScalar>(_ type: S.Type) {
      let x = source.pointer(as: S.self), y = result.pointer(as: S.self)
      parallelFor(planes * grid.windowCount, elements: grid.count) { range in
        for row in range {
          let from = x + row / grid.windowCount * plane, to = y + row * grid.count
          grid.forEachRow(place: row % grid.windowCount) { window, count, element, step in
            for i in 0..<count { to[window + i] = from[element + i * step] }
          }
        }
      }
    }
    if dtype == .float32 { take(Float.self) } else { take(Double.self) }
    withExtendedLifetime((source, result)) {}
    return result
  }

  /// Returns planes `[planes, rows, columns]` where each element is the sum of all elements of this array that
  /// ``unfolded(_:)`` takes from it. The order of additions is fixed.
  package func folded(_ grid: WindowGrid, planes: Int) -> NDArray {
    let source = contiguous(), plane = grid.size.rows * grid.size.columns
    let result = NDArray.zeros([planes, grid.size.rows, grid.size.columns], dtype: dtype)
    func add<S: TensorScalar & FloatingPoint>(_ type: S.Type) {
      let x = source.pointer(as: S.self), y = result.pointer(as: S.self)
      parallelFor(planes, elements: grid.windowCount * grid.count) { range in
        for p in range {
          let to = y + p * plane
          for place in 0..<grid.windowCount {
            let from = x + (p * grid.windowCount + place) * grid.count
            grid.forEachRow(place: place) { window, count, element, step in
              for i in 0..<count { to[element + i * step] += from[window + i] }
            }
          }
        }
      }
    }
    if dtype == .float32 { add(Float.self) } else { add(Double.self) }
    withExtendedLifetime((source, result)) {}
    return result
  }
}
