import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
  import MoultTestSupport
#endif

/// The walk as a page.
@Suite struct ExplainPageTests {
  @Test func thePageIsWellFormedAndNeedsNothingElse() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(ExplainTests.tiny + ["--html", folder + "/page.html", "--json"])
      expectEqual(result.status, 0, "\(result.error)")
      let page = try Data(contentsOf: URL(fileURLWithPath: folder + "/page.html"))
      try expectTrue(result.json().first?["bytes"] as? Int == page.count)
      let reader = Reader()
      let parser = XMLParser(data: page)
      parser.delegate = reader
      expectTrue(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
      expectEqual(reader.counts["section"], 7)
      expectGreater(reader.counts["svg", default: 0], 30)
      expectEqual(reader.counts["script"], 1)
      expectTrue(reader.links.isEmpty, "\(reader.links)")
      let text = String(decoding: page, as: UTF8.self)
      expectTrue(!text.contains("http:") && !text.contains("https:") && !text.contains("url("))
      expectTrue(text.contains("prefers-color-scheme:dark"))
      let print = try unwrapped(text.components(separatedBy: "@media print{").dropFirst().first)
      for rule in [
        ":root{color-scheme:light;--paper:#ffffff;", "figure,tr{break-inside:avoid}", "print-color-adjust:exact",
        ".wide{overflow:visible}", ".player{display:none}",
      ] { expectTrue(print.contains(rule), "\(rule)") }
      expectTrue(!print.contains("section{break-inside"))
    }
  }

  @Test func thePlayerHoldsMasksOfTheLaw() throws {
    try Tool.withFolder { folder in
      let path = folder + "/page.html"
      _ = try Tool.run(ExplainTests.tiny + ["--html", path, "--seed", "3"])
      let page = try String(contentsOfFile: path, encoding: .utf8)
      let start = try unwrapped(page.range(of: "data-levels=\""))
      let list = page[start.upperBound...].prefix { $0 != "\"" }
      let levels = try JSONDecoder().decode([[Int]].self, from: Data(list.utf8))
      for (step, level) in [(0, 10), (5, 2), (7, 19)] {
        let mask = try Tool.run([
          "mask", "--seed", "3", "--step", "\(step)", "--rate", "\(Double(level) / 20)", "--units", "64",
        ])
        expectEqual(mask.lines, [String(levels[step].map { $0 > level ? "1" : "0" })], "step \(step)")
      }
    }
  }

  @Test func aPageThatCannotBeWrittenIsAnError() throws {
    let result = try Tool.run(ExplainTests.tiny + ["--html", "/nonexistent/page.html"])
    expectEqual(result.status, 74)
    expectTrue(result.error.contains("expected a folder /nonexistent to write in"))
    expectTrue(result.output.isEmpty)
  }

  /// Counts elements and keeps what would lead away.
  private final class Reader: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    var links: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
      links += ["href", "src"].compactMap { attributes[$0] }
    }
  }
}
