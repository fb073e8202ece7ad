/// What can stand in a tensor's subscript: a position, a range of positions, or everything.
public protocol TensorIndex: Sendable {
  /// The positions along an axis of that extent, and whether the axis is removed from the shape. For ``Tensor`` alone:
  /// the underscore keeps it out of the completions of `Int` and of ranges.
  func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool)
}

extension Int: TensorIndex {
  /// One position, counted from the end if negative; the axis goes.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    let position = self < 0 ? self + extent : self
    require((0..<extent).contains(position), "subscript: index \(self) is outside \(-extent)..<\(extent)")
    return (position..<position + 1, true)
  }
}

/// The positions from `lower` to before `upper`, checked before a range is made of them: making one that is no range
/// would stop the program without a word.
private func positions(
  _ lower: Int, _ upper: Int, in extent: Int, _ written: @autoclosure () -> String
) -> (range: Range<Int>, removesAxis: Bool) {
  require(
    0 <= lower && lower <= upper && upper <= extent, "subscript: range \(written()) is outside 0..<\(extent)")
  return (lower..<upper, false)
}

extension Range: TensorIndex where Bound == Int {
  /// The positions of the range.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(lowerBound, upperBound, in: extent, "\(self)")
  }
}

extension ClosedRange: TensorIndex where Bound == Int {
  /// The positions of the range.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(lowerBound, upperBound &+ 1, in: extent, "\(self)")
  }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// The positions from the bound to the end.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(lowerBound, extent, in: extent, "\(lowerBound)...")
  }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// The positions before the bound.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(0, upperBound, in: extent, "..<\(upperBound)")
  }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// The positions up to and including the bound.
  public func _positions(in extent: Int) -> (range: Range<Int>, removesAxis: Bool) {
    MoultCore.positions(0, upperBound &+ 1, in: extent, "...\(upperBound)")
  }
}

extension Tensor {
  /// A view of a part, axis by axis: `x[2]`, `x[0..., 3]`, `x[2..<5, -1]`. Axes that are not named stay whole.
  ///
  /// - Gradient: `dy` in its place, zeros elsewhere.
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

  /// A view of some positions of one axis.
  package func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
    let shape = shape
    return values.sliced(axis: axis, range).recorded("slice", from: self) { gradient in
      [.slice(gradient, shape: shape, axis: axis, range: range)]
    }
  }
}
