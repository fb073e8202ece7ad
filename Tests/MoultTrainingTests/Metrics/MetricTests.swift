import Moult
import MoultTestSupport
import Testing

@Suite struct MetricTests {
  private static let all: [any Metric] = [
    .accuracy, .topKAccuracy(2), .precision(), .recall(.weighted), .f1(.micro), .auroc, .averagePrecision,
    .expectedCalibrationError(), .meanAbsoluteError, .rootMeanSquaredError, .rSquared,
  ]

  @Test func withoutSamplesAndWithoutWeightNoneHasAValue() {
    for var metric in Self.all {
      expectNil(metric.value, metric.name)
      if metric is ExpectedCalibrationError { continue }
      let outputs = metric is RegressionScore ? Tensor([1, 2]) : Tensor([[1, 2, 3], [3, 2, 1]])
      let labels = metric is RegressionScore ? Tensor([1, 2]) : Tensor(labels: [0, 1])
      metric.update(outputs, labels, weights: .zeros([2]))
      expectNil(metric.value, metric.name)
    }
    expectEqual(Set(Self.all.map(\.name)).count, Self.all.count)
    expectEqual(
      Self.all.filter(\.isBetterLower).map(\.name),
      ["expected_calibration_error", "mean_absolute_error", "root_mean_squared_error"])
  }

  /// One logit z of class 1, as a column or with labels as numbers, is the logits (0, z) of two classes.
  @Test func oneLogitIsThatOfTheSecondOfTwoClasses() {
    let logits: [Float] = [-1, 0.5, 2, -0.25, 0, 3], labels = [0, 1, 1, 1, 0, 0]
    let both = Tensor(logits.flatMap { [0, $0] }, shape: [6, 2])
    for metric in Self.all where !(metric is RegressionScore) && !(metric is TopKAccuracy) {
      var expected = metric
      expected.update(both, Tensor(labels: labels), weights: nil)
      let numbers = Tensor(labels.map(Float.init))
      for (outputs, labels) in [
        (Tensor(logits), Tensor(labels: labels)), (Tensor(logits), numbers),
        (Tensor(logits, shape: [6, 1]), Tensor(labels: labels)),
        (Tensor(logits, shape: [6, 1]), numbers.reshaped([6, 1])),
      ] {
        var metric = metric
        metric.update(outputs, labels, weights: nil)
        expectTrue(abs((metric.value ?? .nan) - (expected.value ?? .nan)) < 1e-12, "\(metric.name) \(outputs.shape)")
      }
    }
  }

  @Test func calibrationIsThatOfTheReliabilityDiagramOverAllBatches() {
    let labels = Tensor(labels: (0..<40).map { $0 % 3 })
    let logits =
      Tensor.randomNormal([40, 3], seed: 4)
      + select(
        Tensor.arange(3, dtype: .int32) .== labels.unsqueezed(axis: 1), Tensor(1.5), Tensor(0))
    var metric = ExpectedCalibrationError(bins: 5)
    for first in [0, 20] { metric.update(logits[first..<first + 20], labels[first..<first + 20], weights: nil) }
    let diagram = ReliabilityDiagram(softmax(logits.cast(to: .float64)), labels, bins: 5)
    expectEqual(metric.value, diagram.expectedCalibrationError)
  }

  @Test func noNumberHasNoRankingAndCountsAsTheLargestLogit() {
    let logits = Tensor([[.nan, 1, 2], [0, 1, 2]]), labels = Tensor(labels: [0, 1])
    for (metric, value) in [
      (.auroc, nil), (.averagePrecision, nil), (.expectedCalibrationError(), nil), (.accuracy, 0.5),
      (.topKAccuracy(1), 0.5), (.topKAccuracy(2), 1),
    ] as [(any Metric, Double?)] {
      var metric = metric
      metric.update(logits, labels, weights: nil)
      expectEqual(metric.value, value, metric.name)
    }
  }

  @Test(arguments: [
    (0, "f1_binary: expected two classes, got 3; use .f1(.macro)"),
    (1, "Accuracy: expected labels in 0..<3, got 3.0"),
    (2, "AreaUnderROC: expected outputs: [N, K] and integer labels: [N], or logits of class 1"),
    (3, "r2: expected outputs: [N, ...] and labels of the same shape, got [1, 3] of float32 and [3]"),
    (4, "recall: expected weights: [1], got [2]"),
  ]) func outputsThatDoNotFitStopTheProgram(index: Int, message: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      let logits = Tensor([[1, 2, 3]])
      let (metric, labels, weights): (any Metric, Tensor, Tensor?) =
        switch index {
        case 0: (.f1(.binary), Tensor(labels: [0]), nil)
        case 1: (.accuracy, Tensor(labels: [3]), nil)
        case 2: (.auroc, Tensor([1]), nil)
        case 3: (.rSquared, Tensor([1, 2, 3]), nil)
        default: (.recall(), Tensor(labels: [0]), Tensor([1, 1]))
        }
      var running = metric
      running.update(logits, labels, weights: weights)
      _ = running.value
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(text.contains(message), "\(text)")
  }
}
