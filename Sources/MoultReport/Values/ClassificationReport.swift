import MoultNN

/// The predictions of a classifier.
package struct ClassificationReport: Sendable {
  /// Counts of the predicted classes by the true ones.
  package var confusion: ConfusionMatrix?
  /// The wrong predictions with the greatest confidence, worst first.
  package var mostWrong: [WrongSample] = []
  /// Confidence against accuracy, as the model was trained.
  package var calibration: CalibrationCurve?
  /// The same after temperature scaling.
  package var scaledCalibration: CalibrationCurve?
  /// The temperature of ``scaledCalibration``.
  package var temperature: Double?
  /// The samples that the temperature was fitted on, or `nil` where that is not known.
  package var temperatureSource: TemperatureSource?
  /// Uncertainty of right and of wrong predictions.
  package var uncertainty: UncertaintySplit?

  package init() {}
}

/// The samples that a temperature was fitted on, never those that it is evaluated on.
package enum TemperatureSource: Sendable, Equatable {
  /// So many of a validation part.
  case validation(Int)
  /// So many test samples, drawn at random; it is evaluated on the others.
  case restOfTest(Int)
}

/// How often each class was predicted as each other.
package struct ConfusionMatrix: Sendable, Equatable {
  /// The names of the classes, `K` of them.
  package let classes: [String]
  /// Counts `[K][K]`: the row is the true class, the column the predicted one.
  package let counts: [[Int]]
  private let totals: [Int]

  /// A matrix; classes without a count and rows without a class are taken as zeros and left out.
  package init(classes: [String], counts: [[Int]]) {
    self.classes = classes
    let isSquare = counts.count == classes.count && counts.allSatisfy { $0.count == classes.count }
    self.counts =
      isSquare
      ? counts
      : classes.indices.map { row in
        classes.indices.map { row < counts.count && $0 < counts[row].count ? counts[row][$0] : 0 }
      }
    totals = self.counts.map { $0.reduce(0, +) }
  }

  /// The samples of the class.
  package func total(_ label: Int) -> Int { totals[label] }

  /// The share of the samples of a class that were predicted right, or `nil` without samples.
  package func recall(_ label: Int) -> Double? {
    let total = total(label)
    return total > 0 ? Double(counts[label][label]) / Double(total) : nil
  }

  /// For every class the share of its predictions that were right, or `nil` where it was never predicted.
  ///
  /// - Complexity: O(*K*²), for all classes at once.
  package var precisions: [Double?] {
    var predicted = [Int](repeating: 0, count: classes.count)
    for row in counts { for (column, count) in row.enumerated() { predicted[column] += count } }
    return classes.indices.map { predicted[$0] > 0 ? Double(counts[$0][$0]) / Double(predicted[$0]) : nil }
  }

  /// The pairs of different classes with the most samples, the most first, equal ones by their order.
  package func mostConfused(_ limit: Int) -> [(truth: Int, answer: Int, count: Int)] {
    var pairs: [(truth: Int, answer: Int, count: Int)] = []
    for (truth, row) in counts.enumerated() {
      for (answer, count) in row.enumerated() where count > 0 && truth != answer {
        // Never more than the limit are kept: a thousand classes have a million pairs.
        if pairs.count == limit, count <= pairs.last?.count ?? 0 { continue }
        pairs.insert((truth, answer, count), at: pairs.firstIndex { $0.count < count } ?? pairs.count)
        if pairs.count > limit { pairs.removeLast() }
      }
    }
    return pairs
  }
}

/// A sample with a wrong prediction.
package struct WrongSample: Sendable, Equatable {
  /// The content of the sample, to be shown.
  package enum Content: Sendable, Equatable {
    /// Pixels row by row, `width · height · channels` bytes; channels 1 gray, 2 gray and opacity, 3 color, 4 color and
    /// opacity.
    case image(width: Int, height: Int, channels: Int, bytes: [UInt8])
    /// A row of a table.
    case fields([ReportRow])
  }

  /// The place of the sample in its data, from 0.
  package var index: Int
  /// The names of the true and of the predicted class.
  package var truth, answer: String
  /// The probability of the predicted class, 0 to 1.
  package var probability: Double
  /// The probability of the true class.
  package var truthProbability: Double?
  package var content: Content

  package init(
    index: Int, truth: String, answer: String, probability: Double, truthProbability: Double? = nil, content: Content
  ) {
    (self.index, self.truth, self.answer, self.probability) = (index, truth, answer, probability)
    (self.truthProbability, self.content) = (truthProbability, content)
  }
}

/// Confidence against accuracy, with its sums.
package struct CalibrationCurve: Sendable, Equatable {
  /// Samples of like confidence.
  package struct Bin: Sendable, Equatable {
    package var lower, upper: Double
    package var count: Int
    /// Mean confidence and share of right predictions; NaN without samples.
    package var confidence, accuracy: Double

    package init(lower: Double, upper: Double, count: Int, confidence: Double, accuracy: Double) {
      (self.lower, self.upper, self.count) = (lower, upper, count)
      (self.confidence, self.accuracy) = (confidence, accuracy)
    }
  }

  package var bins: [Bin]
  /// The expected calibration error, 0 to 1.
  package var expectedError: Double
  /// The mean negative log-likelihood, in nats.
  package var negativeLogLikelihood: Double

  package init(bins: [Bin], expectedError: Double, negativeLogLikelihood: Double) {
    (self.bins, self.expectedError, self.negativeLogLikelihood) = (bins, expectedError, negativeLogLikelihood)
  }

  /// The curve of a diagram.
  package init(_ diagram: ReliabilityDiagram, negativeLogLikelihood: Double) {
    self.init(
      bins: diagram.bins.map {
        Bin(lower: $0.lower, upper: $0.upper, count: $0.count, confidence: $0.confidence, accuracy: $0.accuracy)
      },
      expectedError: diagram.expectedCalibrationError, negativeLogLikelihood: negativeLogLikelihood)
  }
}

/// Uncertainty of right and of wrong predictions.
package struct UncertaintySplit: Sendable, Equatable {
  /// The measure of uncertainty, with its unit: `Entropy (nats)`.
  package var measure: String
  /// The uncertainties of right and of wrong predictions.
  package var right, wrong: [Double]
  /// The probability that a wrong prediction is less certain than a right one, or `nil` without one of both.
  package var areaUnderROC: Double?
  /// The number of samples that these were drawn from at random, or `nil` for all.
  package var drawnFrom: Int?

  package init(measure: String, right: [Double], wrong: [Double], areaUnderROC: Double?, drawnFrom: Int? = nil) {
    (self.measure, self.right, self.wrong, self.areaUnderROC) = (measure, right, wrong, areaUnderROC)
    self.drawnFrom = drawnFrom
  }
}
