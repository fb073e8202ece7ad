/// Matches the entries of a state dictionary with the parameters and buffers of a model by name.
struct StateMatching {
  /// The name of the matching entry for each name of a parameter or buffer; names with no match or several are absent.
  private(set) var entry: [String: String] = [:]
  /// An error message for each name without exactly one matching entry, and for each entry without a matching name.
  private(set) var problems: [String] = []

  /// The maximum number of problems that an error message lists; it says how many more there are.
  static let listedProblems = 8

  init(parameters: [String], entries: [String]) {
    let names = Set(parameters)
    let exact = Set(entries).intersection(names)
    var candidates: [String: [String]] = [:]
    for key in entries where !exact.contains(key) { candidates[Self.canonical(key), default: []].append(key) }

    var used = exact
    for name in parameters {
      if exact.contains(name) {
        entry[name] = name
        continue
      }
      let fitting = candidates[Self.canonical(name)] ?? []
      used.formUnion(fitting)
      switch fitting.count {
      case 0:
        problems.append("\(name): missing")
      case 1 where !entry.values.contains(fitting[0]):
        entry[name] = fitting[0]
      default:
        problems.append("\(name): ambiguous, as \(fitting.joined(separator: " and ")) would fit more than once")
      }
    }
    for key in entries where !used.contains(key) { problems.append("\(key): no such parameter or buffer") }
  }

  /// Returns the name in lower case without underscores, in which `hiddenLayer1` and `hidden_layer1` are equal.
  static func canonical(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }

  static func summary(_ problems: [String]) -> String {
    let rest = problems.count - listedProblems
    let listed = problems.prefix(listedProblems).joined(separator: "; ")
    return "state dictionary does not fit the model: \(listed)\(rest > 0 ? "; and \(rest) more" : "")"
  }
}
