/// A line chart in one line of text, such as `▇▅▃▂▁`.
package enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Returns a chart of `values` with at most `width` characters; the smallest value gets the lowest character.
  ///
  /// If there are more values than characters, neighboring values are averaged, so the chart always covers all values.
  /// Values that are not finite are left out. If all values are equal, they are drawn at half height. With fewer than
  /// two values the text is empty.
  package static func text(_ values: [Double], width: Int) -> String {
    let values = averages(values.filter(\.isFinite), atMost: width)
    guard values.count >= 2, let least = values.min(), let greatest = values.max() else { return "" }
    // Each value is halved first, since the difference of two finite numbers may be infinite.
    let span = greatest / 2 - least / 2
    return String(
      values.map { value in
        let share = span > 0 ? (value / 2 - least / 2) / span : 0.5
        return blocks[min(Int(share * Double(blocks.count)), blocks.count - 1)]
      })
  }

  /// Returns `values` if there are at most `count`, else `count` averages of neighboring values.
  package static func averages(_ values: [Double], atMost count: Int) -> [Double] {
    guard values.count > count else { return values }
    if count <= 0 { return [] }
    return (0..<count).map { part in
      let range = part * values.count / count..<(part + 1) * values.count / count
      return values[range].reduce(0) { $0 + $1 / Double(range.count) }
    }
  }
}
