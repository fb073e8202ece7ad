import Foundation
import Moult
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
    #expect(linesAfterEpoch == [0, 1, 2])
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(try lines.map { try JSONDecoder().decode(EpochRecord.self, from: Data($0.utf8)) } == history.epochs)
  }

  @Test func aFileThatCannotBeMadeIsAnError() throws {
    let error = try #require(throws: MoultError.self) { try MetricsLog(path: "/nowhere/at/all.jsonl") }
    #expect(error.code == .cannotWrite)
    #expect(error.description == "/nowhere/at/all.jsonl: cannot write the metrics (No such file or directory)")
  }

  @Test func aDiskThatIsFullEndsTraining() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }  // macOS has no such device
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [try MetricsLog(path: "/dev/full")])
    let error = try #require(throws: MoultError.self) {
      try trainer.fit(TrainingFixture.points(30), epochs: 2, batchSize: 10)
    }
    #expect(error.code == .cannotWrite)
    #expect(error.cause == "No space left on device")
  }
}
