import MoultCore

/// What `load(_:renaming:strict:)` did: the names that were loaded, and everything that did not fit.
///
/// ```swift
/// let report = try model.load(from: "backbone.pth", strict: false)
/// print(report)
/// let isNew = Set(report.missing)
/// for (name, parameter) in model.namedParameters() { parameter.isFrozen = !isNew.contains(name) }
/// ```
///
/// Names of entries are those after renaming.
public struct LoadReport: Sendable, Equatable, CustomStringConvertible {
  /// An entry of a state dictionary that has another shape or element type than the parameter or buffer of its name.
  public struct Mismatch: Sendable, Equatable, CustomStringConvertible {
    /// The name of the parameter or buffer.
    public let name: String
    /// The shape of the parameter or buffer.
    public let expectedShape: [Int]
    /// The element type of the parameter or buffer.
    public let expectedDType: DType
    /// The shape of the entry.
    public let shape: [Int]
    /// The element type of the entry.
    public let dtype: DType

    /// The mismatch as text: `head.weight: expected shape [10, 64], got [1000, 64]`.
    public var description: String {
      shape != expectedShape
        ? "\(name): expected shape \(expectedShape), got \(shape)"
        : "\(name): expected \(expectedDType), got \(dtype); cast it first"
    }
  }

  /// The names of the parameters and buffers that were set, in the order of the model.
  public internal(set) var loaded: [String] = []
  /// The names of the parameters and buffers without an entry, in the order of the model; they keep their values.
  public internal(set) var missing: [String] = []
  /// The names of the entries without a parameter or buffer, sorted.
  public internal(set) var unexpected: [String] = []
  /// The entries of another shape or element type, in the order of the model; the parameters and buffers keep their
  /// values.
  public internal(set) var mismatched: [Mismatch] = []
  /// The names of the entries that a renaming rule left out, sorted.
  public internal(set) var ignored: [String] = []
  /// The layers whose type or dropout rate differs from what the file says; the model keeps its own.
  public internal(set) var layerDifferences: [LayerDifference] = []

  /// Whether everything fit: each parameter and buffer was set, each entry that no rule left out was used, and no layer
  /// differs.
  public var isComplete: Bool { problems.isEmpty }

  /// The report as text: a line with the number of loaded names, then a line for each kind of problem.
  public var description: String {
    let total = loaded.count + missing.count + mismatched.count
    let parts: [(title: String, items: [String])] = [
      ("missing", missing), ("unexpected", unexpected), ("mismatched", mismatched.map(\.description)),
      ("left out by a rule", ignored), ("layers", layerDifferences.map(\.description)),
    ]
    let lines = parts.filter { !$0.items.isEmpty }.map { "\n\($0.title): \(StateMatching.listed($0.items))" }
    return "loaded \(loaded.count) of \(total) parameters and buffers" + lines.joined()
  }

  /// A message for each problem.
  var problems: [String] {
    missing.map { "\($0): missing" } + unexpected.map { "\($0): no such parameter or buffer" }
      + mismatched.map(\.description) + layerDifferences.map(\.description)
  }

  /// What to do about the problems, for the error of a strict load; empty if there is no general advice.
  var advice: String {
    var advice = StateMatching.prefixAdvice(missing: missing, unexpected: unexpected)
    if !layerDifferences.isEmpty {
      advice +=
        "; change the layers of the model (model.dropout.rate = …), or load with strict: false, which reports them"
    }
    return advice
  }
}
