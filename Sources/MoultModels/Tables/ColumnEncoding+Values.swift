import MoultCore

extension ColumnEncoding {
  /// The values of a categorical column, in the order of their indices; empty for a column of numbers.
  var categories: [String] {
    switch form {
    case .number: []
    case .oneHot(let values), .embedded(let values, _): values
    }
  }

  /// Whether ``categories`` are all values that training rows had. If not, rare values share a row of the embedding,
  /// which also stands for unknown ones.
  var listsAllCategories: Bool {
    if case .embedded(_, sharesRare: true) = form { false } else { true }
  }

  /// Appends the inputs of one value of the column.
  ///
  /// - Parameters:
  ///   - isMissing: Whether the value is missing; the closures are not called then.
  ///   - inputs: The plain inputs of the row.
  ///   - indices: The embedded inputs of the row; they come after the plain inputs of all columns.
  ///   - number: Returns the value of a column of numbers, standardized with this mean and deviation.
  ///   - category: Returns the index of the value of a categorical column in ``categories``; nil if it is unknown.
  @inline(__always)
  func appendValue(
    isMissing: Bool, to inputs: inout [Float], indices: inout [Float],
    number: (_ mean: Double, _ deviation: Double) throws(MoultError) -> Float,
    category: () throws(MoultError) -> Int?
  ) throws(MoultError) {
    switch form {
    case .number(let mean, let deviation):
      inputs.append(isMissing ? 0 : try number(mean, deviation))
      if marksMissing { inputs.append(isMissing ? 1 : 0) }
    case .oneHot(let names):
      let number = isMissing ? nil : try category()
      let start = inputs.count
      inputs.append(contentsOf: repeatElement(0, count: plainWidth))
      if let number { inputs[start + number] = 1 }
      if isMissing, marksMissing { inputs[start + names.count] = 1 }
    case .embedded(let names, let sharesRare):
      if isMissing {
        indices.append(marksMissing ? Float(names.count + (sharesRare ? 1 : 0) + 1) : 0)
      } else {
        let other = sharesRare ? names.count + 1 : 0
        indices.append(Float(try category().map { $0 + 1 } ?? other))
      }
    }
  }
}
