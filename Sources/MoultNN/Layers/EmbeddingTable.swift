import MoultCore

/// Stops the program unless a table has at least one vector, with at least one element.
///
/// - Parameters:
///   - count: The number of vectors.
///   - size: The length of a vector.
///   - layer: The name of the layer that has the table, for the message.
func requireTableSize(_ count: Int, _ size: Int, _ layer: StaticString) {
  require(count > 0 && size > 0, "\(layer): expected a count and a size of at least 1, got \(count) and \(size)")
}

/// Returns the elements of `numbers` as integers; stops the program unless they are whole and in `range`.
///
/// - Parameters:
///   - numbers: The numbers of the rows to look up, in any shape.
///   - range: The allowed numbers.
///   - layer: The name of the layer that looks them up, for the message.
/// - Returns: One integer for each element, in row-major order.
func tableRows(_ numbers: Tensor, in range: some RangeExpression<Int>, _ layer: @autoclosure () -> String) -> [Int] {
  numbers.scalars(as: Double.self).enumerated().map { place, number in
    guard let row = Int(exactly: number), range.contains(row) else {
      fatalError("\(layer()): expected whole numbers in \(range), got \(number) at place \(place)")
    }
    return row
  }
}
