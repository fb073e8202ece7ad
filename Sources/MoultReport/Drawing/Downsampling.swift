/// Reduces the number of points of a line without changing its appearance.
package enum Downsampling {
  /// A point of a line. A value that is not finite is a gap in the line.
  package struct Point: Equatable {
    package var x, y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  /// Returns at most `limit` points: the first, the last, and from each bin the lowest, the highest and one gap, if
  /// any.
  ///
  /// - Complexity: O(*n*).
  package static func kept(_ points: [Point], limit: Int) -> [Point] {
    guard points.count > limit, limit >= 5 else { return points }
    let bins = (limit - 2) / 3
    var kept: [Int] = [0]
    for bin in 0..<bins {
      let begin = 1 + bin * (points.count - 2) / bins
      let end = 1 + (bin + 1) * (points.count - 2) / bins
      var low: Int?, high: Int?, gap: Int?
      for index in begin..<end {
        guard points[index].y.isFinite else {
          gap = gap ?? index
          continue
        }
        if low.map({ points[index].y < points[$0].y }) ?? true { low = index }
        if high.map({ points[index].y > points[$0].y }) ?? true { high = index }
      }
      kept += Set([low, high, gap].compactMap { $0 }).sorted()
    }
    return (kept + [points.count - 1]).map { points[$0] }
  }

  /// Returns the indices of at most `limit` of `count` elements, evenly spaced, with the first and the last.
  package static func spread(_ count: Int, limit: Int) -> [Int] {
    guard count > limit, limit >= 2 else { return Array(0..<count) }
    return (0..<limit).map { $0 * (count - 1) / (limit - 1) }
  }
}
