import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct HistoryTests {
  @Test func aRecordsJSONLineDecodesAsTheRecord() throws {
    let recorder = Recorder()
    let data = TrainingFixture.points(30)
    try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [recorder])
      .fit(data, validation: data, epochs: 2, batchSize: 10)
    for record in recorder.epochs {
      expectTrue(record.json.line.hasPrefix(#"{"schema":1,"event":"epoch","epoch":"#))
      try expectEqual(JSONDecoder().decode(EpochRecord.self, from: Data(record.json.line.utf8)), record)
    }
  }

  @Test func historyIsCodable() throws {
    let history = try TrainingFixture.trainer(TrainingFixture.model())
      .fit(TrainingFixture.points(30), epochs: 2, batchSize: 10)
    try expectEqual(JSONDecoder().decode(History.self, from: JSONEncoder().encode(history)), history)
  }

  /// JSON has no numbers that are not finite.
  @Test func numbersThatAreNotFiniteComeBackFromJSON() throws {
    var history = History()
    history.epochs = [
      EpochRecord(
        epoch: 1, steps: 3, trainLoss: 0.5, validationLoss: -.infinity, validationMetrics: ["auroc": .nan, "r2": 0.25],
        trainEvaluationLoss: .infinity, learningRate: 0.1, dropoutRates: ["dropout": 0.5], seconds: 1,
        samplesPerSecond: 64)
    ]
    let text = String(decoding: try JSONEncoder().encode(history), as: UTF8.self)
    expectTrue(text.contains(#""validation_loss":"-inf""#) && text.contains(#""auroc":"nan""#), text)
    let decoded = try JSONDecoder().decode(History.self, from: Data(text.utf8))
    expectTrue(decoded.epochs[0].validationMetrics?["auroc"]?.isNaN == true)
    var (a, b) = (history, decoded)
    (a.epochs[0].validationMetrics, b.epochs[0].validationMetrics) = (
      ["r2": 0.25], ["r2": b.epochs[0].validationMetrics?["r2"] ?? 0]
    )
    expectEqual(a, b)
    // The lines of logs have null instead.
    let line = try JSONDecoder().decode(EpochRecord.self, from: Data(history.epochs[0].json.line.utf8))
    expectTrue(line.validationMetrics?["auroc"]?.isNaN == true && line.validationLoss == nil)
    for wrong in [#""3""#, #""high""#, "true", "[]"] {
      let changed = text.replacingOccurrences(of: #""-inf""#, with: wrong)
      #expect(throws: DecodingError.self, "\(wrong)") {
        try JSONDecoder().decode(History.self, from: Data(changed.utf8))
      }
    }
  }

  @Test func anEmptyHistoryHasNoSpeed() {
    expectEqual(History().samplesPerSecond, 0)
    expectNil(History().last)
  }
}
