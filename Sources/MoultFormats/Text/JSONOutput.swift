/// A JSON value to be written. The members of an object keep their order.
///
/// Foundation's encoder sorts or shuffles the members; in a log the important ones come first.
package enum JSONOutput: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONOutput])
  case object([Member])

  /// A member of an object: a key and its value.
  package struct Member: Sendable, Equatable {
    package let key: String
    package let value: JSONOutput

    package init(key: String, value: JSONOutput) {
      self.key = key
      self.value = value
    }
  }

  /// Returns a number, or null for `nil`.
  package static func optional(_ value: Double?) -> JSONOutput {
    value.map { .number($0) } ?? .null
  }

  /// Returns a string, or null for `nil`.
  package static func optional(text: String?) -> JSONOutput {
    text.map { .string($0) } ?? .null
  }

  /// The JSON text on one line, without a line break at the end. NaN and infinities, which JSON does not have, become
  /// null.
  package var line: String {
    var text = ""
    write(to: &text, indent: nil)
    return text
  }

  /// The JSON text with nested objects indented by two spaces and a line break at the end, for files that users read.
  package var indented: String {
    var text = ""
    write(to: &text, indent: 0)
    return text + "\n"
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .number(let value): text += Self.text(of: value)
    case .string(let value): text += value.quotedAsJSON(hidingControls: true)
    case .array(let values):
      Self.writeList(values, brackets: ("[", "]"), indent: nil, to: &text) { $0.write(to: &$1, indent: nil) }
    case .object(let members):
      Self.writeList(members, brackets: ("{", "}"), indent: indent, to: &text) { member, text in
        text += member.key.quotedAsJSON(hidingControls: true)
        text += indent == nil ? ":" : ": "
        member.value.write(to: &text, indent: indent.map { $0 + 1 })
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], brackets: (String, String), indent: Int?, to text: inout String,
    element: (Element, inout String) -> Void
  ) {
    text += brackets.0
    for (index, item) in elements.enumerated() {
      if index > 0 { text += "," }
      if let indent { text += "\n" + String(repeating: "  ", count: indent + 1) }
      element(item, &text)
    }
    if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
    text += brackets.1
  }

  private static func text(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    let text = String(value)  // the shortest text that parses to the same number
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension JSONOutput: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  package init(dictionaryLiteral elements: (String, JSONOutput)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSONOutput...) { self = .array(elements) }
}
