import Foundation
import MoultPlatform
import MoultTestSupport
import Testing

/// `moult train --tui` on a terminal, and where there is none.
@Suite struct LiveViewTests {
  /// Trains for a time that only a test can end, or for few epochs.
  private func withTerminal(
    epochs: Int = 20_000, environment: [String: String] = [:], options: [String] = [],
    _ body: (PseudoTerminal, _ folder: String) throws -> Void
  ) throws {
    try Tool.withFolder { folder in
      try TinyPictures.write(to: folder)
      let arguments = [
        "train", ".", "--tui", "--epochs", "\(epochs)", "--model", "4-4-3", "--batch-size", "10", "--threads", "1",
        "--out", "run",
      ]
      try body(PseudoTerminal(arguments + options, environment: environment, folder: folder), folder)
    }
  }

  private func expectRestored(_ terminal: PseudoTerminal) {
    let after = terminal.text.components(separatedBy: PseudoTerminal.leaveScreen)
    expectAtLeast(after.count, 2)
    expectEqual(after.last?.contains("\u{1B}"), false, "nothing is drawn after the screen was left")
    expectTrue(terminal.hasAttributesOfBefore)
  }

  @Test func aRunToItsEndDrawsAndLeavesTheScreenAsItWas() throws {
    try withTerminal(epochs: 3) { terminal, folder in
      let ended = try terminal.finish()
      expectEqual(ended, 0)
      expectTrue(terminal.text.contains(PseudoTerminal.enterScreen))
      expectTrue(terminal.text.contains("4-4-3"))
      expectEqual(
        terminal.text.components(separatedBy: PseudoTerminal.leaveScreen).last?.contains("epoch 3/3  loss "), true)
      expectRestored(terminal)
      expectTrue(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  @Test func qEndsTrainingAfterTheEpochAndSaves() throws {
    try withTerminal { terminal, folder in
      try terminal.wait(for: "next metric")
      expectTrue(!terminal.hasAttributesOfBefore, "keys come one by one")
      terminal.type("q")
      let ended = try terminal.finish()
      expectEqual(ended, 0)
      expectTrue(terminal.text.contains("\r\nstopped with q after epoch "))
      expectTrue(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
      expectRestored(terminal)
    }
  }

  @Test func keysAndSizesChangeWhatIsDrawn() throws {
    try withTerminal { terminal, _ in
      try terminal.wait(for: "gap ")
      terminal.type("m")
      try terminal.wait(for: "accuracy, %")
      terminal.type("m")
      try terminal.wait(for: "gap: validation loss - training loss")
      terminal.type("?")
      try terminal.wait(for: "Ctrl-C")
      terminal.resize(columns: 60, rows: 37)
      try terminal.wait(for: "\u{1B}[2J")
      try terminal.wait(for: "\u{1B}[37;1H")
      terminal.resize(columns: 12, rows: 3)
      try terminal.wait(for: "\u{1B}[2J")
      terminal.signal(SIGTERM)
      let ended = try terminal.finish()
      expectEqual(ended, 143)
      expectRestored(terminal)
    }
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aSignalSavesAndLeavesTheScreenAsItWas(signal: Int32, status: Int32) throws {
    try withTerminal { terminal, folder in
      try terminal.wait(for: "next metric")
      terminal.signal(signal)
      let ended = try terminal.finish()
      expectEqual(ended, status)
      expectTrue(terminal.text.contains("interrupted after step "))
      expectTrue(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
      expectRestored(terminal)
    }
  }

  @Test func aStoppedProgramGivesTheScreenBackAndTakesItAgain() throws {
    try withTerminal { terminal, _ in
      try terminal.wait(for: "next metric")
      terminal.signal(SIGTSTP)
      try terminal.wait(for: PseudoTerminal.leaveScreen)
      var information = siginfo_t()
      expectEqual(
        waitid(P_PID, id_t(terminal.process.processIdentifier), &information, WSTOPPED | WNOWAIT), 0,
        "it stops")
      expectTrue(terminal.hasAttributesOfBefore)
      terminal.signal(SIGCONT)
      try terminal.wait(for: PseudoTerminal.enterScreen)
      try terminal.wait(for: "next metric")
      terminal.type("q")
      let ended = try terminal.finish()
      expectEqual(ended, 0)
      expectRestored(terminal)
    }
  }

  @Test(arguments: [
    (["NO_COLOR": "1"], [String]()), (["TERM": "dumb"], [String]()), ([String: String](), ["--no-color"]),
  ])
  func whereEscapesAreForbiddenThereIsALineInstead(environment: [String: String], options: [String]) throws {
    try withTerminal(epochs: 2, environment: environment, options: options) { terminal, _ in
      let ended = try terminal.finish()
      expectEqual(ended, 0)
      expectTrue(!terminal.text.contains("\u{1B}"))
      expectEqual(terminal.text.components(separatedBy: "--tui needs a terminal").count, 2)
      expectTrue(terminal.text.contains("epoch 2/2  loss "))
      expectTrue(terminal.hasAttributesOfBefore)
    }
  }

  @Test func aPipeGetsOneNoteAndPlainLines() throws {
    try Tool.withFolder { folder in
      try TinyPictures.write(to: folder)
      let result = try Tool.run(
        ["train", ".", "--tui", "--epochs", "2", "--model", "4-4-3", "--out", "run"], folder: folder)
      expectEqual(result.status, 0)
      expectTrue(!result.error.contains("\u{1B}") && !result.text.contains("\u{1B}"))
      expectEqual(result.error.components(separatedBy: "--tui needs a terminal").count, 2)
      expectTrue(result.error.contains("\nepoch 1/2  loss "))
    }
  }
}
