import MoultCore

/// Stops the program unless a table of vectors has at least one vector, with at least one element.
///
/// - Parameter layer: The name of the layer that has the table, for the message.
func requireTableSize(_ count: Int, _ size: Int, _ layer: StaticString) {
  require(count > 0 && size > 0, "\(layer): expected a count and a size of at least 1, got \(count) and \(size)")
}

/// The rows of a table that a layer looks up: the elements of `numbers`, which must be whole and in `range`.
///
/// - Parameter layer: The layer that looks them up, for the message.
func tableRows(_ numbers: Tensor, in range: some RangeExpression<Int>, _ layer: @autoclosure () -> String) -> [Int] {
  numbers.scalars(as: Double.self).enumerated().map { place, number in
    guard let row = Int(exactly: number), range.contains(row) else {
      fatalError("\(layer()): expected whole numbers in \(range), got \(number) at place \(place)")
    }
    return row
  }
}
