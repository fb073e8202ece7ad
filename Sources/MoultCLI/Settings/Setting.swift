import Moult

/// One setting of a run: its key in files, its option, its limits, and the property that stores it.
struct Setting {
  /// The key in `config.json` and for `--set`, such as `model.dropout`.
  let key: String
  /// The name of the option of `train`, without dashes.
  let option: String
  /// Sets the value from JSON; returns a message if the value has another type.
  let take: (JSONValue, inout TrainingOptions) -> String?
  /// Returns the reason why the value is out of range; nil if it is valid or not set.
  let validationError: (TrainingOptions) -> String?
  /// Copies the value from the first settings to the second ones, if it is set.
  let copy: (TrainingOptions, inout TrainingOptions) -> Void
  /// Returns whether the value is set.
  let isSet: (TrainingOptions) -> Bool
  /// Returns the value as in `config.json`; null if it is not set.
  let json: (TrainingOptions) -> JSONOutput

  private init<Value>(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, Value?>,
    read: @escaping (JSONValue) -> Result<Value, ReadError>, limits: @escaping (Value) -> String? = { _ in nil },
    json: @escaping (Value) -> JSONOutput
  ) {
    (self.key, self.option) = (key, option)
    self.json = { settings in settings[keyPath: path].map(json) ?? .null }
    take = { value, settings in
      switch read(value) {
      case .success(let value):
        settings[keyPath: path] = value
        return nil
      case .failure(let error): return error.text
      }
    }
    validationError = { settings in settings[keyPath: path].flatMap(limits) }
    isSet = { settings in settings[keyPath: path] != nil }
    copy = { from, to in if let value = from[keyPath: path] { to[keyPath: path] = value } }
  }

  private struct ReadError: Error {
    let text: String

    init(expected: String, got value: JSONValue) { text = "expected \(expected), got \(value.description)" }
    init(_ text: String) { self.text = text }
  }

  // MARK: - Kinds

  /// Creates a setting with a number for which `holds` must be true.
  static func number(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, Double?>, _ expected: String,
    where holds: @escaping (Double) -> Bool
  ) -> Setting {
    number(key, option, path) { holds($0) ? nil : "expected \(expected), got \($0)" }
  }

  /// Creates a setting with a number. `limits` returns the reason why a number is out of range, or nil.
  static func number(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, Double?>,
    limits: @escaping (Double) -> String?
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in value.double.map { .success($0) } ?? .failure(ReadError(expected: "a number", got: value)) },
      limits: limits, json: { .number($0) })
  }

  /// Creates a setting with an integer in `limits`.
  static func count(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, Int?>, _ expected: String,
    in limits: ClosedRange<Int>
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in value.int.map { .success($0) } ?? .failure(ReadError(expected: "a whole number", got: value)) },
      limits: { limits.contains($0) ? nil : "expected \(expected), got \($0)" }, json: { .integer($0) })
  }

  /// Creates a setting with one of several words.
  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, Choice?>,
    among choices: [Choice] = Array(Choice.allCases)
  ) -> Setting where Choice.RawValue == String {
    let words = choices.map(\.rawValue)
    return Setting(
      key, option, path,
      read: { value in
        if case .string(let text) = value, let choice = choices.first(where: { $0.rawValue == text }) {
          return .success(choice)
        }
        return .failure(
          ReadError(expected: words.dropLast().joined(separator: ", ") + " or \(words.last ?? "")", got: value))
      }, json: { .string($0.rawValue) })
  }

  /// Creates a setting with a list of names. Options can specify the list in several parts.
  static func names(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, [[String]]>
  ) -> Setting {
    Setting(
      key, option, path.appending(path: \.nonEmpty),
      read: { value in
        if case .array(let values) = value {
          let names = values.compactMap { value -> String? in if case .string(let name) = value { name } else { nil } }
          if names.count == values.count { return .success([names]) }
        }
        return .failure(ReadError(expected: "a list of names such as [\"a\",\"b\"]", got: value))
      }, json: { .array($0.joined().map { .string($0) }) })
  }

  /// Creates a setting with a text that `parse` converts to a value. An error of `parse` describes the expected text.
  static func text<Value>(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, Value?>, _ expected: String,
    parse: @escaping (String) throws -> Value, text: @escaping (Value) -> String
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in
        guard case .string(let text) = value else { return .failure(ReadError(expected: expected, got: value)) }
        do { return .success(try parse(text)) } catch { return .failure(ReadError("\(error)")) }
      }, json: { .string(text($0)) })
  }

  /// Creates a setting with an unsigned 64-bit integer.
  static func seed(
    _ key: String, _ option: String, _ path: WritableKeyPath<TrainingOptions, UInt64?>
  ) -> Setting {
    Setting(
      key, option, path,
      read: { value in
        if case .unsigned(let number) = value { return .success(number) }
        return .failure(ReadError(expected: "a whole number from 0 to \(UInt64.max)", got: value))
      }, json: { .unsigned($0) })
  }
}

extension [[String]] {
  /// The list; nil if it is empty, which means that the option is not set.
  fileprivate var nonEmpty: [[String]]? {
    get { isEmpty ? nil : self }
    set { self = newValue ?? [] }
  }
}
