import Moult
import MoultTestSupport
import Testing

@Suite struct TensorBoardLogTests {
  private func record(
    epoch: Int, steps: Int, trainLoss: Double, trainAccuracy: Double? = nil, validationLoss: Double? = nil,
    trainEvaluation: (loss: Double, accuracy: Double)? = nil, learningRate: Double = 0.5, rates: [String: Double]? = nil
  ) -> EpochRecord {
    EpochRecord(
      epoch: epoch, steps: steps, trainLoss: trainLoss, trainAccuracy: trainAccuracy, validationLoss: validationLoss,
      trainEvaluationLoss: trainEvaluation?.loss, trainEvaluationAccuracy: trainEvaluation?.accuracy,
      learningRate: learningRate, dropoutRates: rates, seconds: 1, samplesPerSecond: 64)
  }

  /// What Scripts/reference/make_event_file.py wrote with TensorBoard's own writer.
  @Test func theBytesAreThoseOfTensorBoardsOwnWriter() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/" + TensorBoardLog.fileName
      var times = [1000.0, 1001.25, 1002.5].makeIterator()
      let log = try TensorBoardLog(path: path, now: { times.next() ?? .nan })
      try log.onEpochEnd(
        record(
          epoch: 1, steps: 3, trainLoss: 0.1, trainAccuracy: 0.75, validationLoss: 0.375,
          trainEvaluation: (0.25, 0.8125), learningRate: 1e-7))
      try log.onEpochEnd(
        record(epoch: 2, steps: 300, trainLoss: -2.5, rates: ["größe": 0.25, "a": 1]))
      try expectEqual(contents(path), contents(reference("logs/two_epochs.tfevents")))
    }
  }

  @Test(arguments: [(0, 1), (3, 2), (4, 2), (300, 3)])
  func aRunThatGoesOnCutsOffWhatLiesBeyondItsStep(step: Int, records: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/" + TensorBoardLog.fileName
      let bytes = try contents(reference("logs/two_epochs.tfevents"))
      let ends = [0, 40, 266, bytes.count]
      try place(bytes, at: path)
      _ = try TensorBoardLog(path: path, appendingAfterStep: step)
      try expectEqual(contents(path), Array(bytes[..<ends[records]]))
      // The bytes that follow are those of a file that was never cut.
      let log = try TensorBoardLog(path: path, appendingAfterStep: 0, now: { 1001.25 })
      try log.onEpochEnd(
        record(
          epoch: 1, steps: 3, trainLoss: 0.1, trainAccuracy: 0.75, validationLoss: 0.375,
          trainEvaluation: (0.25, 0.8125), learningRate: 1e-7))
      try expectEqual(contents(path), Array(bytes[..<ends[2]]))
    }
  }

  /// A crash may tear the last record anywhere, and leave one that has its length but not its bytes.
  @Test func aTornRecordAtTheEndIsCutOff() throws {
    let bytes = try contents(reference("logs/two_epochs.tfevents"))
    try withTemporaryFolder { folder in
      let path = folder + "/" + TensorBoardLog.fileName
      for count in 266..<bytes.count {
        try place(Array(bytes[..<count]), at: path)
        _ = try TensorBoardLog(path: path, appendingAfterStep: 9_999)
        try expectEqual(contents(path), Array(bytes[..<266]), "\(count)")
      }
      try place(bytes.dropLast(9) + [UInt8](repeating: 0, count: 9), at: path)
      _ = try TensorBoardLog(path: path, appendingAfterStep: 9_999)
      try expectEqual(contents(path).count, 266)
      try place([], at: path)
      _ = try TensorBoardLog(path: path, appendingAfterStep: 9_999, now: { 1000 })
      try expectEqual(contents(path), Array(bytes[..<40]), "a file without a beginning gets one")
    }
  }

  @Test func anotherFileIsAnErrorAndStaysAsItIs() throws {
    var damaged = try contents(reference("logs/two_epochs.tfevents"))
    damaged[60] ^= 1
    for (bytes, text) in [
      (Array("epoch,steps\r\n1,2\r\n".utf8), "expected the length of a record with its checksum, at byte 0"),
      (damaged, "expected a record that its checksum fits, at byte 40"),
    ] {
      try withTemporaryFolder { folder in
        let path = folder + "/" + TensorBoardLog.fileName
        try place(bytes, at: path)
        let error = try moultError { _ = try TensorBoardLog(path: path, appendingAfterStep: 3) }
        expectTrue(error.code == .badData && error.location == path)
        expectEqual(error.message, "TensorBoard events: " + text)
        try expectEqual(contents(path), bytes)
      }
    }
  }

  @Test func aNameThatTensorBoardWouldNotSeeIsRefused() throws {
    let error = try moultError { _ = try TensorBoardLog(path: "/tmp/tfevents/events.log") }
    expectEqual(error.code, .usage)
    expectTrue(error.message.contains("expected a file name with \"tfevents\" in it"))
    try expectEqual(moultError { _ = try TensorBoardLog(path: "/nowhere/events.tfevents") }.code, .cannotWrite)
  }
}
