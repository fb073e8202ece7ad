/// A curve in one line of text: `▇▅▃▂▁`.
package enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The curve of `values` in at most `width` characters, the smallest value lowest.
  ///
  /// More values than characters are averaged in equal parts, so that the curve is always that of the whole run. Values
  /// that are not finite are left out, equal ones lie in the middle, fewer than two make no curve: the text is empty.
  package static func text(_ values: [Double], width: Int) -> String {
    let values = averages(values.filter(\.isFinite), atMost: width)
    guard values.count >= 2, let least = values.min(), let greatest = values.max() else { return "" }
    // Halved first: the span of two finite numbers may be infinite.
    let span = greatest / 2 - least / 2
    return String(
      values.map { value in
        let share = span > 0 ? (value / 2 - least / 2) / span : 0.5
        return blocks[min(Int(share * Double(blocks.count)), blocks.count - 1)]
      })
  }

  /// `values` in at most `count` averages of neighbors.
  package static func averages(_ values: [Double], atMost count: Int) -> [Double] {
    guard values.count > count else { return values }
    if count <= 0 { return [] }
    return (0..<count).map { part in
      let range = part * values.count / count..<(part + 1) * values.count / count
      return values[range].reduce(0) { $0 + $1 / Double(range.count) }
    }
  }
}
