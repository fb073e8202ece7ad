import Moult
import MoultTestSupport
import Testing

/// The built-in metrics beside those of scikit-learn (Scripts/reference/make_metrics.py).
@Suite struct MetricReferenceTests {
  private struct Reference: Decodable {
    let cases: [Case]

    struct Case: Decodable {
      let name: String
      let outputs, labels: ReferenceTensor
      let weights: ReferenceTensor?
      /// nil where a value is not defined.
      let values: [String: Double?]
    }
  }

  private static func metric(_ name: String) throws -> any Metric {
    let average = ClassAverage(rawValue: String(name.split(separator: "_").last ?? ""))
    let metrics: [any Metric] = [
      .accuracy, .topKAccuracy(1), .topKAccuracy(2), .topKAccuracy(3), .precision(), .precision(average), .recall(),
      .recall(average), .f1(), .f1(average), .auroc, .averagePrecision, .meanAbsoluteError, .rootMeanSquaredError,
      .rSquared,
    ]
    return try #require(metrics.first { $0.name == name }, "\(name)")
  }

  @Test func allEqualThoseOfScikitLearnInBatchesOfAnySize() throws {
    let reference = try ReferenceFiles.decode(Reference.self, from: "metrics.json")
    expectTrue(reference.cases.count > 15)
    for test in reference.cases {
      let outputs = test.outputs.tensor, labels = test.labels.tensor
      let isRegression = test.name.hasPrefix("regression")
      for (name, expected) in test.values {
        for batch in [1, 7, 50] {
          var metric = try Self.metric(name)
          for first in stride(from: 0, to: labels.shape[0], by: batch) {
            let range = first..<min(first + batch, labels.shape[0])
            let batchLabels = labels[range]
            metric.update(
              outputs[range],
              isRegression ? batchLabels : Tensor(labels: batchLabels.scalars(as: Double.self).map(Int.init)),
              weights: test.weights?.tensor[range])
          }
          let value = metric.value
          if let expected {
            expectTrue(
              value.map { abs($0 - expected) <= 1e-9 } == true, "\(test.name), \(name): \(value ?? .nan), \(expected)")
          } else {
            expectTrue(value == nil, "\(test.name), \(name): \(value ?? .nan)")
          }
        }
      }
    }
  }
}
