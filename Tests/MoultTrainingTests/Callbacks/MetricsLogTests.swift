import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct MetricsLogTests {
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("moult-\(UUID().uuidString).jsonl")
    .path

  @Test func everyEpochIsALineThatIsOnDiskWhenTheEpochEnds() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let log = try MetricsLog(path: path)
    var linesAfterEpoch: [Int] = []
    let path = path
    let reader = Recorder { step throws(MoultError) in
      // The first step of an epoch comes after the line of the one before.
      if step.stepInEpoch == 1 {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        linesAfterEpoch.append(text.filter { $0 == "\n" }.count)
      }
    }
    let data = TrainingFixture.points(30)
    let history = try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [log, reader])
      .fit(data, validation: data, epochs: 3, batchSize: 10)
    expectEqual(linesAfterEpoch, [0, 1, 2])
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    try expectEqual(lines.map { try JSONDecoder().decode(EpochRecord.self, from: Data($0.utf8)) }, history.epochs)
  }

  @Test func aFileThatCannotBeMadeIsAnError() throws {
    let error = try #require(throws: MoultError.self) { try MetricsLog(path: "/nowhere/at/all.jsonl") }
    expectEqual(error.code, .cannotWrite)
    expectEqual(error.description, "/nowhere/at/all.jsonl: cannot write the metrics (No such file or directory)")
  }

  @Test func aDiskThatIsFullEndsTraining() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }  // macOS has no such device
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [try MetricsLog(path: "/dev/full")])
    let error = try #require(throws: MoultError.self) {
      try trainer.fit(TrainingFixture.points(30), epochs: 2, batchSize: 10)
    }
    expectEqual(error.code, .cannotWrite)
    expectEqual(error.cause, "No space left on device")
  }

  private func epochs(_ count: Int) -> [EpochRecord] {
    (1...count).map {
      EpochRecord(
        epoch: $0, steps: $0 * 3, trainLoss: 0.1 + 1 / Double($0 * 3), learningRate: 1e-7,
        dropoutRates: $0 == 2 ? ["größe": 0.5] : nil, seconds: 1, samplesPerSecond: 64)
    }
  }

  private func text(_ epochs: [EpochRecord]) -> [UInt8] { epochs.flatMap { Array(($0.json.line + "\n").utf8) } }

  @Test func whatIsWrittenIsReadBack() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.jsonl"
      let log = try MetricsLog(path: path)
      try expectEqual(MetricsLog.read(path), [])
      for epoch in epochs(3) { try log.onEpochEnd(epoch) }
      try expectEqual(MetricsLog.read(path), epochs(3))
    }
  }

  @Test(
    arguments: [
      ("\n", 2, "expected a JSON object with the figures of an epoch", "not JSON"),
      ("[]\n", 2, "expected a JSON object with the figures of an epoch", " is something else"),
      ("{\"schema\":1,\"event\":\"epoch\"}\n", 2, "expected a JSON object with the figures of an epoch", "no epoch"),
      ("{\"schema\":1}\n", 2, "expected a JSON object with the figures of an epoch", "no event"),
      ("#1", 2, "expected an epoch after epoch 1 and its step 3, got epoch 1 and step 3", nil),
      ("#2 epoch:2 epoch:1.5", 2, "expected a JSON object with the figures of an epoch", nil),
      ("#2 schema\":1 schema\":2", 2, "expected an epoch of schema 1, got \"epoch\" of schema 2", nil),
      ("#2 event\":\"epoch event\":\"finished", 2, "expected an epoch of schema 1, got \"finished\" of schema 1", nil),
      ("#2 \n \u{20}", 2, "expected the line to end in a line break", nil),
    ] as [(String, Int, String, String?)])
  func aLineThatIsWrongIsNamed(line: String, number: Int, message: String, cause: String?) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.jsonl"
      var second = line
      if line.hasPrefix("#") {
        // "#2 old new" is the line of epoch 2 with `old` replaced.
        let parts = line.dropFirst().split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let record = epochs(2)[parts[0] == "1" ? 0 : 1]
        second = record.json.line + "\n"
        if parts.count > 2 {
          let old = parts[1].hasPrefix("epoch:") ? "\"epoch\":2" : parts[1]
          let new = parts[2].hasPrefix("epoch:") ? "\"epoch\":1.5" : parts[2]
          second = second.replacingOccurrences(of: old, with: new)
        }
      }
      try place(text(epochs(1)) + Array(second.utf8), at: path)
      let error = try moultError { _ = try MetricsLog.read(path) }
      expectTrue(error.code == .badData && error.location == "\(path), line \(number)")
      expectTrue(error.message.hasPrefix("metrics: " + message), "\(error)")
      if let cause { expectEqual(error.cause, cause) }
    }
  }

  @Test func aFileThatIsNotThereCannotBeRead() throws {
    try expectEqual(moultError { _ = try MetricsLog.read("/nowhere/metrics.jsonl") }.code, .noInput)
  }

  /// A crash may leave lines of epochs after the last checkpoint, and a torn one.
  @Test(arguments: [0, 2, 3, 9]) func aRunThatGoesOnCutsOffLaterLines(epoch: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.jsonl"
      try place(text(epochs(3)) + Array("{\"schema\":1,\"ev".utf8), at: path)
      let log = try MetricsLog(path: path, appendingAfterEpoch: epoch)
      try expectEqual(MetricsLog.read(path), Array(epochs(3).prefix(epoch)))
      for epoch in epochs(5).dropFirst(min(epoch, 3)) { try log.onEpochEnd(epoch) }
      try expectEqual(contents(path), text(epochs(5)))
    }
  }

  @Test func aRunThatGoesOnWithoutAFileMakesOne() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.jsonl"
      try MetricsLog(path: path, appendingAfterEpoch: 4).onEpochEnd(epochs(5)[4])
      try expectEqual(MetricsLog.read(path).map(\.epoch), [5])
      try expectEqual(moultError { _ = try MetricsLog(path: folder, appendingAfterEpoch: 4) }.code, .noInput)
    }
  }

  @Test func aFileOfSomethingElseIsNotCut() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/notes.txt"
      try place(Array("dear diary\n".utf8), at: path)
      let error = try moultError { _ = try MetricsLog(path: path, appendingAfterEpoch: 4) }
      expectEqual(error.location, path + ", line 1")
      try expectEqual(contents(path), Array("dear diary\n".utf8))
    }
  }
}
