import Moult

/// One setting of a run: what it is called in files and as an option, what it takes, and where it is kept.
struct Setting {
  /// The name in `config.json` and for `--set`: `model.dropout`.
  let key: String
  /// The option of `train`, without its dashes.
  let option: String
  /// Puts a value into the settings; says what was expected if it is of another kind.
  let take: (JSONValue, inout GivenSettings) -> String?
  /// Why the value that the settings hold will not do; nil without one.
  let objection: (GivenSettings) -> String?
  /// Copies the value from the first settings to the second ones if there is one.
  let copy: (GivenSettings, inout GivenSettings) -> Void
  /// Whether the settings hold a value.
  let isGiven: (GivenSettings) -> Bool
  /// The value that a run had.
  let json: (RunSettings) -> JSONOutput

  private init<Value>(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, Value?>,
    read: @escaping (JSONValue) -> Result<Value, Objection>, limits: @escaping (Value) -> String? = { _ in nil },
    json: @escaping (RunSettings) -> JSONOutput
  ) {
    (self.key, self.option, self.json) = (key, option, json)
    take = { value, settings in
      switch read(value) {
      case .success(let value):
        settings[keyPath: path] = value
        return nil
      case .failure(let objection): return objection.text
      }
    }
    objection = { settings in settings[keyPath: path].flatMap(limits) }
    isGiven = { settings in settings[keyPath: path] != nil }
    copy = { from, to in if let value = from[keyPath: path] { to[keyPath: path] = value } }
  }

  private struct Objection: Error {
    let text: String

    init(expected: String, got value: JSONValue) { text = "expected \(expected), got \(value.description)" }
    init(_ text: String) { self.text = text }
  }

  // MARK: - Kinds

  /// A number for which `holds` holds.
  static func number(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, Double?>, _ expected: String,
    hint: String? = nil, where holds: @escaping (Double) -> Bool, json: @escaping (RunSettings) -> JSONOutput
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in value.double.map { .success($0) } ?? .failure(Objection(expected: "a number", got: value)) },
      limits: { holds($0) ? nil : "expected \(expected), got \($0)" + (hint.map { "; \($0)" } ?? "") }, json: json)
  }

  /// A whole number in `limits`.
  static func count(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, Int?>, _ expected: String,
    in limits: ClosedRange<Int>, json: @escaping (RunSettings) -> JSONOutput
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in value.int.map { .success($0) } ?? .failure(Objection(expected: "a whole number", got: value)) },
      limits: { limits.contains($0) ? nil : "expected \(expected), got \($0)" }, json: json)
  }

  /// One of a few words.
  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, Choice?>,
    json: @escaping (RunSettings) -> JSONOutput
  ) -> Setting where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    return Setting(
      key, option, path,
      read: { value in
        if case .string(let text) = value, let choice = Choice(rawValue: text) { return .success(choice) }
        return .failure(
          Objection(expected: words.dropLast().joined(separator: ", ") + " or \(words.last ?? "")", got: value))
      }, json: json)
  }

  /// A list of names.
  static func names(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, [String]?>,
    json: @escaping (RunSettings) -> JSONOutput
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in
        if case .array(let values) = value {
          let names = values.compactMap { value -> String? in if case .string(let name) = value { name } else { nil } }
          if names.count == values.count { return .success(names) }
        }
        return .failure(Objection(expected: "a list of names such as [\"a\",\"b\"]", got: value))
      }, json: json)
  }

  /// A text that is read by `parse`, whose error says what was expected.
  static func text<Value>(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, Value?>, _ expected: String,
    parse: @escaping (String) throws -> Value, json: @escaping (RunSettings) -> JSONOutput
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in
        guard case .string(let text) = value else { return .failure(Objection(expected: expected, got: value)) }
        do { return .success(try parse(text)) } catch { return .failure(Objection("\(error)")) }
      }, json: json)
  }

  /// A whole number from 0 on, in 64 bits.
  static func seed(
    _ key: String, _ option: String, _ path: WritableKeyPath<GivenSettings, UInt64?>,
    json: @escaping (RunSettings) -> JSONOutput
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in
        if case .unsigned(let number) = value { return .success(number) }
        return .failure(Objection(expected: "a whole number from 0 to \(UInt64.max)", got: value))
      }, json: json)
  }
}
