import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The place for a study's table in a Markdown file: the text between two HTML comments.
struct MarkedPlace {
  private let path: String
  private let before: Substring
  private let after: Substring

  /// Reads the file and finds the place.
  ///
  /// - Parameters:
  ///   - title: The name of the place: the study, and its data set if it has one.
  ///   - path: The path of the Markdown file.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` unless it has both comments once.
  init(_ title: String, in path: String) throws(MoultError) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw MoultError(.noInput, "expected a Markdown file that can be read", location: path)
    }
    let begin = "<!-- moult reproduce \(title): begin -->", end = "<!-- moult reproduce \(title): end -->"
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MoultError(.badData, "expected a file in UTF-8", location: path)
    }
    let begins = text.ranges(of: begin), ends = text.ranges(of: end)
    guard begins.count == 1, ends.count == 1, begins[0].upperBound <= ends[0].lowerBound else {
      throw MoultError(
        .badData, "expected the lines '\(begin)' and '\(end)' once each, in this order; add them", location: path)
    }
    self.path = path
    before = text[..<begins[0].upperBound]
    after = text[ends[0].lowerBound...]
  }

  /// Replaces the text in the place; the rest of the file is unchanged.
  func fill(_ text: String) throws(MoultError) {
    try AtomicFile.write(Array((before + "\n" + text + after).utf8), to: path)
  }
}
