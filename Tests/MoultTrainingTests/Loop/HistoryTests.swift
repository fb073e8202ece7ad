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

  @Test func anEmptyHistoryHasNoSpeed() {
    expectEqual(History().samplesPerSecond, 0)
    expectNil(History().last)
  }
}
