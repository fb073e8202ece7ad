import Moult
import MoultTestSupport
import Testing

@Suite struct PredictorTests {
  /// A small network with the variant, through a file.
  private func model(_ variant: DropoutVariant) throws -> TrainedModel {
    var spec = ModelSpec(try LayerSizes("6-16-12-3"), dropout: 0.4)
    spec.variant = variant
    let network = withSeed(4) { MLP(spec) }
    return try Tool.withFolder { folder in
      let path = folder + "/model.safetensors"
      let target = PredictionTarget(classes: ["a", "b", "c"])
      try network.save(to: path, metadata: ModelDescription.metadata(spec, target, encoding: nil, noise: nil))
      return try TrainedModel(contentsOf: path)
    }
  }

  @Test func aRowsAnswerIsThatOfTheRowAloneForEveryVariant() async throws {
    let inputs = Tensor((0..<66).map { Float($0 * 29 % 31) / 31 - 0.4 }, shape: [11, 6])
    var tested = 0
    for variant in DropoutVariant.all where variant.applies(hiddenSizes: [16, 12]).applies {
      let model = try model(variant)
      let alone = try (0..<11).map { try model.predict(inputs[$0..<$0 + 1], passes: 9, seed: 5)[0] }
      for batchSize in [1, 4, 64] {
        let predictor = Predictor(model, passes: 9, seed: 5, threads: 2, maximumBatchSize: batchSize)
        try await expectEqual(predictor.predict(inputs), alone, "\(variant.name), \(batchSize)")
      }
      tested += 1
    }
    expectAtLeast(tested, 14)
  }

  @Test(arguments: ["classes", "regression"]) func tasksAtOnceGetTheAnswersOfTheirRows(name: String) async throws {
    let model = try OldModels.load(name), rows = try OldModels.rows(40)
    for passes in [0, 20] {
      let predictor = Predictor(model, passes: passes, seed: 3, maximumBatchSize: 16)
      let answers = try await withThrowingTaskGroup(of: (Int, [RowPrediction]).self) { group in
        for start in rows.indices {
          // Requests of one, two and three rows, some of them in the order of the columns.
          let part = Array(rows[start..<min(start + 1 + start % 3, 40)])
          group.addTask {
            guard start % 4 == 0 else { return (start, try await predictor.predict(rows: part)) }
            return (
              start, try await predictor.predict(rows: part.map { row in model.columnNames.compactMap { row[$0] } })
            )
          }
        }
        return try await group.reduce(into: [Int: [RowPrediction]]()) { $0[$1.0] = $1.1 }
      }
      let alone = try rows.map { try model.predict(rows: [$0], passes: passes, seed: 3)[0] }
      for start in rows.indices {
        expectEqual(answers[start], Array(alone[start..<min(start + 1 + start % 3, 40)]), "\(start), \(passes)")
      }
      try await expectEqual(predictor.predict(rows[7]), alone[7])
    }
  }

  @Test func mistakesAreThrownBeforeAnythingIsComputed() async throws {
    let predictor = Predictor(try OldModels.load("classes"), passes: 2, maximumWaitingRows: 2)
    await #expect(throws: MoultError.self) { try await predictor.predict(["sex": "male"]) }
    await #expect(throws: MoultError.self) { try await predictor.predict([1, 2]) }
    await #expect(throws: MoultError.self) { try await predictor.predict(Tensor.ones([2, 3])) }
    let rows = try OldModels.rows(3)
    await #expect(throws: QueueFullError.self) { try await predictor.predict(rows: rows) }
    var row = rows[0]
    row["island"] = "Atlantis"
    await #expect(throws: MoultError.self) { try await predictor.predict(row) }
    let lenient = Predictor(predictor.model, passes: 2, unknown: .ignore)
    try await expectEqual(
      lenient.predict(row), predictor.model.predict(rows: [row], passes: 2, unknown: .ignore)[0])
  }

  /// A prediction that would take hours ends when its task is cancelled, and the next one begins.
  @Test func aRunningPredictionIsCancelled() async throws {
    let predictor = Predictor(try OldModels.load("images"), passes: 1_000_000_000, maximumBatchSize: 8)
    let inputs = Tensor.ones([16, predictor.model.inputSize])
    for _ in 0..<2 {
      let task = Task { try await predictor.predict(inputs) }
      // Eight rows run then, and eight wait.
      await until { predictor.waitingRows == 8 }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  /// Types that several tasks share; this function compiles only if they are `Sendable`.
  @Test func whatServersShareIsSendable() {
    func check<T: Sendable>(_: T.Type) {}
    check(TrainedModel.self)
    check(Predictor.self)
    check(TableValue.self)
    check(UnknownValues.self)
    check(QueueFullError.self)
    check(RowPrediction.self)
    check(ClassPrediction.self)
    check(NumberPrediction.self)
    check(PredictionTarget.self)
    check(TableEncoding.self)
    check(NoiseEstimate.self)
    check(ModelSpec.self)
    check(MLP.self)
    check(Prediction.self)
    check(LearningTask.self)
    check((any TaskDeclaring).self)
    check(Tensor.self)
    check(MoultError.self)
  }
}
