/// How one column becomes inputs of a network.
public struct ColumnEncoding: Sendable, Equatable {
  /// The ways.
  public enum Form: Sendable, Equatable {
    /// `(x - mean) / deviation`; 0 for a missing value.
    case number(mean: Double, deviation: Double)
    /// One input for each of the values: 1 for the row's, 0 for the others.
    case oneHot([String])
    /// One input that holds the number of the value, 1 for the first, for an embedding: 0 is an unknown value. Where
    /// `sharesRare`, the number behind the last value stands for all that were too rare to have their own, and for
    /// unknown ones, which are rarer still.
    case embedded([String], sharesRare: Bool)
  }

  /// The column's name in the table.
  public let name: String
  /// How it is encoded.
  public let form: Form
  /// Whether a missing value is something the network knows: an input of its own, or a row of the embedding.
  public let marksMissing: Bool

  package init(name: String, form: Form, marksMissing: Bool) {
    (self.name, self.form, self.marksMissing) = (name, form, marksMissing)
  }

  /// Inputs before the embedded ones, which all come last.
  var plainWidth: Int {
    switch form {
    case .number: marksMissing ? 2 : 1
    case .oneHot(let values): values.count + (marksMissing ? 1 : 0)
    case .embedded: 0
    }
  }

  /// Rows of the table that its embedding looks up, the unknown one not counted; nil if it has none.
  public var embeddingRowCount: Int? {
    guard case .embedded(let values, let sharesRare) = form else { return nil }
    return values.count + (sharesRare ? 1 : 0) + (marksMissing ? 1 : 0)
  }

  /// In a few words, for people.
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
