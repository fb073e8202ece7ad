/// Matches the entries of a state dictionary with the parameters and buffers of a model by name.
struct StateMatching {
  /// The name of the matching entry for each name of a parameter or buffer; names with no match or several are absent.
  private(set) var entry: [String: String] = [:]
  /// The names of the parameters and buffers without an entry.
  private(set) var missing: [String] = []
  /// An error message for each name that several entries fit, or whose entry another name has.
  private(set) var ambiguities: [String] = []
  /// The entries without a name of a parameter or buffer.
  private(set) var unexpected: [String] = []

  /// The maximum number of problems that an error message lists; it says how many more there are.
  static let listedProblems = 8

  init(parameters: [String], entries: [String]) {
    let names = Set(parameters)
    let exact = Set(entries).intersection(names)
    var candidates: [String: [String]] = [:]
    for key in entries where !exact.contains(key) { candidates[Self.canonical(key), default: []].append(key) }

    var used = exact, taken: Set<String> = []
    for name in parameters {
      if exact.contains(name) {
        entry[name] = name
        continue
      }
      let fitting = candidates[Self.canonical(name)] ?? []
      used.formUnion(fitting)
      switch fitting.count {
      case 0:
        missing.append(name)
      case 1 where taken.insert(fitting[0]).inserted:
        entry[name] = fitting[0]
      default:
        ambiguities.append("\(name): ambiguous, as \(fitting.joined(separator: " and ")) would fit more than once")
      }
    }
    unexpected = entries.filter { !used.contains($0) }
  }

  /// Returns the name in lower case without underscores, in which `hiddenLayer1` and `hidden_layer1` are equal.
  static func canonical(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }

  static func summary(_ problems: [String]) -> String { "state dictionary does not fit the model: \(listed(problems))" }

  /// Returns the first items, and how many more there are.
  static func listed(_ items: [String]) -> String {
    let rest = items.count - listedProblems
    return items.prefix(listedProblems).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }

  // MARK: - Prefixes

  /// The prefixes that wrappers of PyTorch put before all names.
  private static let wrappers = [("module.", "nn.DataParallel"), ("_orig_mod.", "torch.compile")]
  /// The maximum number of parts of a prefix.
  private static let prefixParts = 4

  /// Returns advice, after a semicolon, if the names of a state dictionary differ from those of the model by a prefix;
  /// empty if they do not.
  static func prefixAdvice(missing: [String], unexpected: [String]) -> String {
    let wanted = Set(missing.map(canonical))
    for name in unexpected {
      var rest = name[...]
      for _ in 0..<prefixParts {
        guard let dot = rest.firstIndex(of: ".") else { break }
        rest = rest[rest.index(after: dot)...]
        guard wanted.contains(canonical(String(rest))) else { continue }
        let prefix = name[..<rest.startIndex]
        let writers = wrappers.filter { prefix.contains($0.0) }.map(\.1)
        let origin = writers.isEmpty ? "" : ", as \(writers.joined(separator: " and ")) writes them"
        return "; names begin with \"\(prefix)\"\(origin): pass renaming: [.prefix(\"\(prefix)\", to: \"\")]"
      }
    }
    return ""
  }
}
