import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct TrainerMetricsTests {
  /// A metric that is not the library's: the mean of all outputs.
  private struct MeanOutput: Metric {
    let name = "mean_output"
    let isBetterLower = true
    private var sum = 0.0, count = 0

    var value: Double? { count == 0 ? nil : sum / Double(count) }

    mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
      sum += outputs.sum().item(as: Double.self)
      count += outputs.count
    }
  }

  private let data = TrainingFixture.points(40), validation = TrainingFixture.points(21, seed: 2)

  private func trainer(
    _ metrics: [any Metric], model: TinyNetwork = TrainingFixture.model(), callbacks: [any Callback] = []
  ) -> Trainer<TinyNetwork> {
    Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 0.1, momentum: 0.9), loss: crossEntropy, seed: 3,
      metrics: metrics, callbacks: callbacks, evaluatedTraining: data)
  }

  @Test func metricsAreInTheRecordsAndChangeNothingElse() throws {
    let model = TrainingFixture.model(), plain = TrainingFixture.model()
    let measured = trainer([.accuracy, .f1(), MeanOutput()], model: model)
    let history = try measured.fit(data, validation: validation, epochs: 2, batchSize: 10)
    let without = try trainer([], model: plain).fit(data, validation: validation, epochs: 2, batchSize: 10)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(plain))
    expectEqual(history.epochs.map(\.validationLoss), without.epochs.map(\.validationLoss))
    expectTrue(without.epochs.allSatisfy { $0.validationMetrics == nil && $0.trainEvaluationMetrics == nil })
    let last = try unwrapped(history.last), metrics = try unwrapped(last.validationMetrics)
    expectEqual(Set(metrics.keys), ["accuracy", "f1", "mean_output"])
    expectEqual(metrics["accuracy"], last.validationAccuracy)
    let outputs = model.infer { model(validation.inputs) }
    try expectLess(abs(unwrapped(metrics["mean_output"]) - outputs.mean().item(as: Double.self)), 1e-6)
    var f1: PrecisionRecall = .f1(.macro)
    f1.update(outputs, validation.labels, weights: nil)
    expectEqual(metrics["f1"], f1.value)
    expectEqual(last.trainEvaluationMetrics, try measured.evaluate(on: data).metrics)
    expectEqual(last.validationLoss, try measured.evaluate(on: validation).loss)
    expectNotEqual(history.epochs[0].validationMetrics, metrics, "each epoch begins without samples")
  }

  @Test func logsHaveThemByName() throws {
    let history = try trainer([.auroc, .f1(.micro)]).fit(data, validation: validation, epochs: 1, batchSize: 10)
    var record = try unwrapped(history.last)
    (record.validationMetrics, record.trainEvaluationMetrics) = (["auroc": .nan, "f1_micro": 0.5], ["f1_micro": 0.75])
    let line = record.json.line
    expectTrue(line.contains(#","validation_metrics":{"auroc":null,"f1_micro":0.5},"train_evaluation_loss":"#), line)
    expectTrue(line.contains(#","train_evaluation_metrics":{"f1_micro":0.75},"learning_rate":"#), line)
    let decoded = try JSONDecoder().decode(EpochRecord.self, from: Data(line.utf8))
    expectTrue(decoded.validationMetrics?["auroc"]?.isNaN == true && decoded.validationMetrics?["f1_micro"] == 0.5)
    try withTemporaryFolder { folder in
      try CSVLog(path: folder + "/metrics.csv").onEpochEnd(record)
      let csv = String(decoding: try contents(folder + "/metrics.csv"), as: UTF8.self)
      expectTrue(
        csv.contains(
          ",validation_accuracy,validation/auroc,validation/f1_micro,train_evaluation_loss,train_evaluation_accuracy,"
            + "train_evaluation/f1_micro,learning_rate,"), csv)
      expectTrue(csv.contains(",null,0.5,"), csv)
      try TensorBoardLog(path: folder + "/events.tfevents").onEpochEnd(record)
      let events = String(decoding: try contents(folder + "/events.tfevents"), as: UTF8.self)
      for tag in ["validation/auroc", "validation/f1_micro", "train_evaluation/f1_micro"] {
        expectTrue(events.contains(tag), tag)
      }
    }
    expectTrue(ProgressLine.text(of: record, lastEpoch: 1).contains("  auroc nan  f1_micro 0.5000  "))
  }

  @Test func earlyStoppingAndCheckpointsMonitorThemInTheirDirection() throws {
    try withTemporaryFolder { folder in
      for (metric, isBetterLower) in [(.f1(), false), (MeanOutput(), true)] as [(any Metric, Bool)] {
        let stopping = EarlyStopping(.metric(metric), patience: 9)
        let checkpoint = Checkpoint(.best(.metric(metric)), of: .model, to: folder + "/best.safetensors")
        let history = try trainer([MeanOutput(), .f1()], callbacks: [stopping, checkpoint])
          .fit(data, validation: validation, epochs: 5, batchSize: 10)
        let values = history.epochs.compactMap { $0.validationMetrics?[metric.name] }
        expectEqual(stopping.best?.figure, isBetterLower ? values.min() : values.max())
        expectEqual(checkpoint.best, stopping.best?.figure)
      }
    }
    let error = try moultError {
      try trainer([.accuracy], callbacks: [EarlyStopping(.metric(.f1()), patience: 1)])
        .fit(data, validation: validation, epochs: 1, batchSize: 10)
    }
    expectTrue(error.code == .usage && error.message.contains("EarlyStopping: expected an epoch with f1, got none"))
  }

  @Test func twoOfOneNameAreRefused() throws {
    let error = try moultError { try trainer([.f1(), .accuracy, .f1()]).fit(data, epochs: 1, batchSize: 10) }
    expectEqual(error, MoultError(.usage, "Trainer.fit: expected metrics of different names, got two of f1"))
  }
}
