import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct CSVLogTests {
  private func record(_ epoch: Int, loss: Double = 0.1, rates: [String: Double]? = nil) -> EpochRecord {
    EpochRecord(
      epoch: epoch, steps: epoch * 3, trainLoss: loss, validationLoss: 1.0 / 3, learningRate: 1e-7, dropoutRates: rates,
      seconds: 2, samplesPerSecond: 64)
  }

  private let header =
    "epoch,steps,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,seconds,samples_per_second\r\n"
  private func row(_ epoch: Int) -> String { "\(epoch),\(epoch * 3),0.1,,0.3333333333333333,,1e-07,2,64\r\n" }

  private func text(_ path: String) throws -> String { String(decoding: try contents(path), as: UTF8.self) }

  @Test func everyEpochIsARowUnderTheNamesOfTheRecord() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.csv"
      let log = try CSVLog(path: path)
      try expectEqual(text(path), "")
      try log.onEpochEnd(record(1))
      try expectEqual(text(path), header + row(1))
      try log.onEpochEnd(record(2))
      try expectEqual(text(path), header + row(1) + row(2))
      _ = try CSVLog(path: path)
      try expectEqual(text(path), "", "a new run empties it")
    }
  }

  @Test func namesOfLayersAreQuotedWhereTheyMustBe() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.csv"
      let rates = ["b": 0.5, "a,\"x\"\n": 0.25]
      try CSVLog(path: path).onEpochEnd(record(1, rates: rates))
      let before = header.components(separatedBy: ",seconds")[0]
      let lines = try text(path).replacingOccurrences(of: before, with: "...")
      expectEqual(
        lines,
        "...,\"dropout_rate/a,\"\"x\"\"\n\",dropout_rate/b,seconds,samples_per_second\r\n"
          + "1,3,0.1,,0.3333333333333333,,1e-07,0.25,0.5,2,64\r\n")
      // The line break in the quotes ends no row.
      try CSVLog(path: path, appendingAfterEpoch: 0).onEpochEnd(record(1, rates: rates))
      try expectEqual(text(path).replacingOccurrences(of: before, with: "..."), lines)
    }
  }

  @Test(arguments: [0, 1, 3, 9]) func aRunThatGoesOnCutsOffLaterRows(epoch: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.csv"
      try place(Array((header + row(1) + row(2) + row(3) + "4,12,0.").utf8), at: path)
      let log = try CSVLog(path: path, appendingAfterEpoch: epoch)
      for epoch in (min(epoch, 3) + 1)...4 { try log.onEpochEnd(record(epoch)) }
      try expectEqual(text(path), header + row(1) + row(2) + row(3) + row(4))
    }
  }

  @Test func aRunThatGoesOnWithoutAFileOrAHeaderWritesOne() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/metrics.csv"
      try CSVLog(path: path, appendingAfterEpoch: 4).onEpochEnd(record(5))
      try expectEqual(text(path), header + row(5))
      try place(Array(header.utf8.prefix(20)), at: path)
      try CSVLog(path: path, appendingAfterEpoch: 4).onEpochEnd(record(5))
      try expectEqual(text(path), header + row(5))
    }
  }

  @Test func aFileOfSomethingElseStaysAsItIs() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/data.csv"
      try place(Array((header + "one,2\n").utf8), at: path)
      let error = try moultError { _ = try CSVLog(path: path, appendingAfterEpoch: 4) }
      expectTrue(error.code == .badData && error.location == path + ", row 2")
      expectEqual(error.message, "expected a row that begins with the number of an epoch, got \"one,2\"")
      try expectEqual(text(path), header + "one,2\n")

      try place(Array("epoch,price\n1,2\n".utf8), at: path)
      let log = try CSVLog(path: path, appendingAfterEpoch: 4)
      let other = try moultError { try log.onEpochEnd(record(5)) }
      expectTrue(other.code == .badData && other.message.contains("got \"epoch,price\"; is it the log of another run?"))
      try expectEqual(text(path), "epoch,price\n1,2\n")
    }
  }

  @Test func aFileThatCannotBeMadeIsAnError() throws {
    let error = try moultError { _ = try CSVLog(path: "/nowhere/metrics.csv") }
    expectEqual(error.code, .cannotWrite)
    expectEqual(error.description, "/nowhere/metrics.csv: cannot write the metrics (No such file or directory)")
  }
}
