import MoultFormats

/// A piece of XML as a tree, so that what is written is well-formed whatever the texts in it are: escaping happens in
/// one place, when the tree is written.
package indirect enum Markup: Sendable, Equatable {
  /// Text, escaped when written.
  case text(String)
  /// An element; attributes without a value are left out.
  case element(name: String, attributes: [Attribute], children: [Markup])
  /// Pieces one after the other.
  case group([Markup])

  /// A name with its value.
  package struct Attribute: Sendable, Equatable {
    let name, value: String
  }

  /// An element with children.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(
      name: name, attributes: attributes.compactMap { key, value in value.map { Attribute(name: key, value: $0) } },
      children: children)
  }

  /// An element that holds text.
  static func tag(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  /// Nothing.
  static let nothing = Markup.group([])

  /// The tree as XML that browsers read as HTML too: only elements that HTML keeps empty close themselves.
  package var xml: String {
    var result = ""
    write(to: &result)
    return result
  }

  /// Elements that HTML forbids to close with a tag of their own, and those of SVG that hold nothing here.
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
  /// The text as it stands in XML.
  ///
  /// - Parameter isAttribute: whether it stands in an attribute between double quotes.
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
