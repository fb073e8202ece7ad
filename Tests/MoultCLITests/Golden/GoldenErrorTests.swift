import Foundation
import MoultTestSupport
import Testing

/// What users are told about their mistakes, word for word.
///
/// A text that has changed on purpose is recorded with `MOULT_RECORD_GOLDEN=1 swift test --filter GoldenErrorTests`,
/// which writes the files and fails; read the difference as somebody who made the mistake, then run the tests again. A
/// new mistake is a file with its title, an empty line and its `$` lines, which recording completes.
@Suite struct GoldenErrorTests {
  static let isRecording = ProcessInfo.processInfo.environment["MOULT_RECORD_GOLDEN"] == "1"

  @Test(arguments: GoldenError.all) func theMessageIsWhatItWas(_ example: GoldenError) throws {
    let now = try example.outcomeNow()
    if Self.isRecording {
      var changed = example
      changed.outcome = now
      try changed.record()
      Issue.record("recorded \(example.path); run the tests again without MOULT_RECORD_GOLDEN")
      return
    }
    expectEqual(now.status, example.outcome.status, "\(example.path)")
    expectEqual(now.message, example.outcome.message, "\(example.path)")
  }

  @Test(arguments: GoldenError.all) func theMessageHelps(_ example: GoldenError) {
    let (status, message) = (example.outcome.status, example.outcome.message)
    expectTrue([3, 64, 65, 66, 74].contains(status))
    // A line may say before what was looked at.
    expectTrue(message.split(separator: "\n").contains { $0.hasPrefix("Error: ") } && message.hasSuffix("\n"))
    expectTrue(!message.contains("/moult-"), "a folder of this machine")
    expectTrue(
      message.contains("expected") || message.contains("became") || message.contains("Please provide")
        || message.contains("Did you mean") || message.contains("cannot write"), "what would have been right")
    // What to do is said behind a semicolon, or by the usage that follows.
    expectTrue(message.contains("; ") || message.contains("See 'moult") || message.contains("set MOULT_CACHE"))
  }

  @Test func thereAreFortyMistakesAtLeast() {
    expectAtLeast(GoldenError.all.count, 40)
    expectEqual(Set(GoldenError.all.map(\.commands)).count, GoldenError.all.count)
  }
}
