import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML parser finds in a page or a chart.
final class PageReader: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
  }

  private(set) var elements: [Element] = []
  private(set) var text = ""
  /// What the parser objects to, or `nil` for well-formed XML.
  private(set) var problem: String?

  init(_ xml: String) {
    super.init()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = self
    if !parser.parse() {
      problem = "line \(parser.lineNumber), column \(parser.columnNumber): \(String(describing: parser.parserError))"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  /// The numbers of an epoch by metric.
  func values(epoch: Int) -> [String: Double] {
    elements.reduce(into: [:]) { values, element in
      if element.attributes["data-epoch"] == String(epoch), let metric = element.attributes["data-metric"],
        let value = element.attributes["data-value"].flatMap(Double.init)
      {
        values[metric] = value
      }
    }
  }
}
