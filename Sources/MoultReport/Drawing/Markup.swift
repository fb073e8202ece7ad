import MoultFormats

/// A tree of XML elements and texts. Escaping happens in one place, when the tree is written, so the output is
/// well-formed for any text.
package indirect enum Markup: Sendable, Equatable {
  /// A text, which is escaped when it is written.
  case text(String)
  /// An element.
  case element(name: String, attributes: [Attribute], children: [Markup])
  /// Several pieces, one after the other.
  case group([Markup])

  /// An attribute of an element.
  package struct Attribute: Sendable, Equatable {
    let name, value: String
  }

  /// Creates an element with children. Attributes with the value `nil` are omitted.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(
      name: name, attributes: attributes.compactMap { key, value in value.map { Attribute(name: key, value: $0) } },
      children: children)
  }

  /// Creates an element that contains a text. Attributes with the value `nil` are omitted.
  static func tag(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  /// An empty tree.
  static let nothing = Markup.group([])

  /// The tree as XML that browsers can also read as HTML: only elements that are always empty are written as `<name/>`.
  package var xml: String {
    var result = ""
    write(to: &result)
    return result
  }

  /// The elements that are written as `<name/>`: those that HTML defines as empty, and SVG shapes.
  private static let selfClosing: Set<String> = [
    "meta", "link", "img", "br", "hr", "path", "line", "rect", "circle",
  ]

  private func write(to result: inout String) {
    switch self {
    case .text(let text): result += text.escapedAsMarkup()
    case .group(let pieces): for piece in pieces { piece.write(to: &result) }
    case .element(let name, let attributes, let children):
      result += "<" + name
      for attribute in attributes {
        result += " " + attribute.name + "=\""
        result += attribute.value.escapedAsMarkup(isAttribute: true)
        result += "\""
      }
      if children.isEmpty, Self.selfClosing.contains(name) {
        result += "/>"
        return
      }
      result += ">"
      for child in children { child.write(to: &result) }
      result += "</" + name + ">"
    }
  }
}

extension String {
  /// Returns the text escaped for XML.
  ///
  /// - Parameter isAttribute: Whether the text is the value of an attribute between double quotes.
  package func escapedAsMarkup(isAttribute: Bool = false) -> String {
    var result = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where isAttribute: result += "&quot;"
      case "\n" where !isAttribute, "\t" where !isAttribute: result.unicodeScalars.append(scalar)
      case _ where scalar.mustBeSpelledOut:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
