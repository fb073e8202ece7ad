/// The encoding of one table column as inputs of a network.
public struct ColumnEncoding: Sendable, Equatable {
  /// The kinds of encoding.
  public enum Form: Sendable, Equatable {
    /// A standardized number: one input, `(x - mean) / deviation`; 0 for a missing value.
    case number(mean: Double, deviation: Double)
    /// One-hot: one input for each value in the list, 1 if the row has this value, else 0.
    case oneHot([String])
    /// One input with the index of the value for an embedding: 0 for an unknown value, `i + 1` for value `i` of the
    /// list. If `sharesRare`, the index after the last value stands for all values that were rare in training, and for
    /// unknown ones.
    case embedded([String], sharesRare: Bool)
  }

  /// The name of the column in the table.
  public let name: String
  /// The kind of encoding, with its parameters.
  public let form: Form
  /// Whether missing values are encoded: by one more input that is 1 for them, or by one more row of the embedding.
  public let marksMissing: Bool

  package init(name: String, form: Form, marksMissing: Bool) {
    (self.name, self.form, self.marksMissing) = (name, form, marksMissing)
  }

  /// The number of inputs of the column that are not embedded. These come before the embedded inputs of all columns.
  var plainWidth: Int {
    switch form {
    case .number: marksMissing ? 2 : 1
    case .oneHot(let values): values.count + (marksMissing ? 1 : 0)
    case .embedded: 0
    }
  }

  /// The number of rows of the column's embedding table, without the unknown value; nil if the column is not embedded.
  public var embeddingRowCount: Int? {
    guard case .embedded(let values, let sharesRare) = form else { return nil }
    return values.count + (sharesRare ? 1 : 0) + (marksMissing ? 1 : 0)
  }

  /// A short description for the user, such as `5 one-hot + missing`.
  public var summary: String {
    let missing = marksMissing ? " + missing" : ""
    return switch form {
    case .number: "standardized" + missing
    case .oneHot(let values): "\(values.count) one-hot" + missing
    case .embedded(let values, let sharesRare):
      "embedding of \(values.count)" + (sharesRare ? " + rare" : "") + missing
    }
  }
}
