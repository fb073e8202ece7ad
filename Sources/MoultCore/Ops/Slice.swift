/// An index in a tensor's subscript: one position, or a range of positions, along one axis.
public protocol TensorIndex: Sendable {
  /// Returns the positions that the index selects on an axis, and whether the axis is removed from the shape. Stops the
  /// program if a position is outside the axis. The underscore keeps it out of the completions of `Int` and of ranges.
  ///
  /// - Parameter extent: the extent of the axis.
  func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool)
}

extension Int: TensorIndex {
  /// Returns one position, counted from the end if negative; the axis is removed.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    let position = self < 0 ? self + extent : self
    require((0..<extent).contains(position), "subscript: index \(self) is outside \(-extent)..<\(extent)")
    return (position..<position + 1, true)
  }
}

/// Returns the positions `lower ..< upper`; the axis is kept. They are checked first, since making an invalid range
/// would stop the program without a message.
///
/// - Parameter written: the range as the caller wrote it, for the message.
private func positions(
  _ lower: Int, _ upper: Int, in extent: Int, _ written: @autoclosure () -> String
) -> (range: Range<Int>, removesAxis: Bool) {
  require(
    0 <= lower && lower <= upper && upper <= extent, "subscript: range \(written()) is outside 0..<\(extent)")
  return (lower..<upper, false)
}

extension Range: TensorIndex where Bound == Int {
  /// Returns the positions of the range; the axis is kept.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(lowerBound, upperBound, in: extent, "\(self)")
  }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// Returns the positions of the range, both bounds included; the axis is kept.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(lowerBound, upperBound &+ 1, in: extent, "\(self)")
  }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// Returns the positions from the bound to the end; the axis is kept.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(lowerBound, extent, in: extent, "\(lowerBound)...")
  }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// Returns the positions before the bound; the axis is kept.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(0, upperBound, in: extent, "..<\(upperBound)")
  }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// Returns the positions up to and including the bound; the axis is kept.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(0, upperBound &+ 1, in: extent, "...\(upperBound)")
  }
}

extension Tensor {
  /// Returns a view of a part of this tensor, with one index for each axis: `x[2]`, `x[0..., 3]`, `x[2..<5, -1]`. Axes
  /// without an index are kept whole.
  ///
  /// - Gradient: `dy` at the selected positions, zeros elsewhere.
  /// - Edge cases: a position outside its axis stops the program.
  /// - Complexity: O(1).
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    require(indices.count <= rank, "subscript: \(indices.count) indices for a tensor of shape \(shape)")
    let found = indices.enumerated().map { axis, index in index._positions(in: shape[axis]) }
    var result = self
    for (axis, part) in found.enumerated() where part.range != 0..<shape[axis] {
      result = result.sliced(axis: axis, part.range)
    }
    for (axis, part) in found.enumerated().reversed() where part.removesAxis { result = result.squeezed(axis: axis) }
    return result
  }

  /// Returns a view of the positions `range` along `axis`.
  package func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    let shape = shape
    return values.sliced(axis: axis, range).recorded(
      "slice", ["axis": .int(axis), "start": .int(range.lowerBound), "end": .int(range.upperBound)], from: self
    ) { gradient in
      [.slice(gradient, shape: shape, axis: axis, range: range)]
    }
  }
}
