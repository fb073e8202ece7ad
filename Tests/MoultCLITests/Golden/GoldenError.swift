import Foundation
import Testing

/// A mistake that users make and what they are told, as a file in Tests/Reference/errors has it:
///
///     What the mistake is.
///
///     with houses.csv
///     $ moult train houses.csv --target prize
///     exit 64
///     Error: ...
///
/// `with` names fixtures that lie in the folder, `$` is the line of a shell; what follows the exit code is all of
/// standard error.
struct GoldenError: Sendable, CustomTestStringConvertible {
  let name: String
  let title: String
  let fixtures: [String]
  /// What a shell runs, a line each.
  let commands: [String]
  var outcome: Outcome

  struct Outcome: Equatable, Sendable {
    let status: Int32
    let message: String
  }

  static let folder: String = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent("Reference/errors").path
  }()

  /// All of them, by name.
  static let all: [GoldenError] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".txt") }.sorted().compactMap { try? GoldenError(String($0.dropLast(4))) }
  }()

  var path: String { "\(Self.folder)/\(name).txt" }
  var testDescription: String { name }

  init(_ name: String) throws {
    self.name = name
    let text = try String(contentsOfFile: "\(Self.folder)/\(name).txt", encoding: .utf8)
    var lines = text.components(separatedBy: "\n")[...]
    title = lines.removeFirst()
    lines = lines.dropFirst()
    fixtures = lines.prefix { $0.hasPrefix("with ") }.map { String($0.dropFirst(5)) }
    lines = lines.dropFirst(fixtures.count)
    commands = lines.prefix { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    lines = lines.dropFirst(commands.count)
    let status = lines.first.flatMap { $0.hasPrefix("exit ") ? Int32($0.dropFirst(5)) : nil }
    outcome = Outcome(status: status ?? -1, message: lines.dropFirst().joined(separator: "\n"))
  }

  /// Does what the file says, in a folder of its own.
  func outcomeNow() throws -> Outcome {
    try Tool.withFolder { folder in
      for fixture in fixtures {
        try FileManager.default.copyItem(
          atPath: try GoldenFixtures.path(of: fixture), toPath: "\(folder)/\(fixture)")
      }
      let script = (["set -e"] + commands).joined(separator: "\n")
      let result = try Tool.run(["-c", script], program: "/bin/sh", folder: folder)
      return Outcome(status: result.status, message: result.error)
    }
  }

  /// Writes the file anew.
  func record() throws {
    let head = [title, ""] + fixtures.map { "with " + $0 } + commands.map { "$ " + $0 }
    let text = (head + ["exit \(outcome.status)", outcome.message]).joined(separator: "\n")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
