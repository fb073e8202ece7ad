import MoultNN

/// The evaluation of a classifier's predictions.
package struct ClassificationReport: Sendable {
  /// The confusion matrix; nil if it was not computed.
  package var confusion: ConfusionMatrix?
  /// The wrong predictions with the highest confidence, the most confident first.
  package var mostWrong: [WrongSample] = []
  /// The calibration curve of the trained model; nil if it was not computed.
  package var calibration: CalibrationCurve?
  /// The calibration curve after temperature scaling.
  package var scaledCalibration: CalibrationCurve?
  /// The temperature used for ``scaledCalibration``.
  package var temperature: Double?
  /// The samples on which the temperature was fitted; `nil` if that is not known.
  package var temperatureSource: TemperatureSource?
  /// The uncertainties of right and wrong predictions; nil if they were not computed.
  package var uncertainty: UncertaintySplit?

  package init() {}
}

/// The samples on which a temperature was fitted. It is evaluated on other samples.
package enum TemperatureSource: Sendable, Equatable {
  /// The temperature was fitted on this number of validation samples.
  case validation(Int)
  /// The temperature was fitted on this number of randomly drawn test samples, and evaluated on the other test samples.
  case restOfTest(Int)
}

/// A confusion matrix: how often each class was predicted for samples of each class.
package struct ConfusionMatrix: Sendable, Equatable {
  /// The names of the `K` classes.
  package let classes: [String]
  /// The numbers of samples, `[K][K]`: the row is the true class, the column the predicted one.
  package let counts: [[Int]]
  private let totals: [Int]

  /// Creates a matrix. If `counts` is not `[K][K]`, missing counts are 0 and additional ones are ignored.
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

  /// Returns the number of samples of a class.
  package func total(_ label: Int) -> Int { totals[label] }

  /// Returns the recall of a class, the fraction of its samples that were predicted correctly; `nil` without samples.
  package func recall(_ label: Int) -> Double? {
    let total = total(label)
    return total > 0 ? Double(counts[label][label]) / Double(total) : nil
  }

  /// The precision of every class, the fraction of its predictions that were correct; `nil` for a class never
  /// predicted.
  ///
  /// - Complexity: O(*K*²), for all classes at once.
  package var precisions: [Double?] {
    var predicted = [Int](repeating: 0, count: classes.count)
    for row in counts { for (column, count) in row.enumerated() { predicted[column] += count } }
    return classes.indices.map { predicted[$0] > 0 ? Double(counts[$0][$0]) / Double(predicted[$0]) : nil }
  }

  /// Returns the pairs of distinct classes that were confused most often, at most `limit`, in descending order of their
  /// counts; pairs with equal counts in the order of the classes.
  package func mostConfused(_ limit: Int) -> [(truth: Int, answer: Int, count: Int)] {
    var pairs: [(truth: Int, answer: Int, count: Int)] = []
    for (truth, row) in counts.enumerated() {
      for (answer, count) in row.enumerated() where count > 0 && truth != answer {
        // At most `limit` pairs are kept, because 1,000 classes have a million pairs.
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
  /// The displayed content of the sample.
  package enum Content: Sendable, Equatable {
    /// The pixels row by row, `width · height · channels` bytes. `channels` is 1 (gray), 2 (gray and alpha), 3 (RGB) or
    /// 4 (RGBA).
    case image(width: Int, height: Int, channels: Int, bytes: [UInt8])
    /// The fields of a table row.
    case fields([ReportRow])
  }

  /// The index of the sample in its data, from 0.
  package var index: Int
  /// The name of the true class, and the name of the predicted class.
  package var truth, answer: String
  /// The probability of the predicted class, in 0...1.
  package var probability: Double
  /// The probability of the true class, in 0...1; nil if it is not known.
  package var truthProbability: Double?
  package var content: Content

  package init(
    index: Int, truth: String, answer: String, probability: Double, truthProbability: Double? = nil, content: Content
  ) {
    (self.index, self.truth, self.answer, self.probability) = (index, truth, answer, probability)
    (self.truthProbability, self.content) = (truthProbability, content)
  }
}

/// A calibration curve: accuracy as a function of confidence, with the calibration error and the log-likelihood.
package struct CalibrationCurve: Sendable, Equatable {
  /// A bin of samples with similar confidence.
  package struct Bin: Sendable, Equatable {
    package var lower, upper: Double
    package var count: Int
    /// The mean confidence, and the fraction of correct predictions; NaN without samples.
    package var confidence, accuracy: Double

    package init(lower: Double, upper: Double, count: Int, confidence: Double, accuracy: Double) {
      (self.lower, self.upper, self.count) = (lower, upper, count)
      (self.confidence, self.accuracy) = (confidence, accuracy)
    }
  }

  package var bins: [Bin]
  /// The expected calibration error (ECE), in 0...1.
  package var expectedError: Double
  /// The mean negative log-likelihood, in nats.
  package var negativeLogLikelihood: Double

  package init(bins: [Bin], expectedError: Double, negativeLogLikelihood: Double) {
    (self.bins, self.expectedError, self.negativeLogLikelihood) = (bins, expectedError, negativeLogLikelihood)
  }

  /// Creates a curve from a reliability diagram.
  package init(_ diagram: ReliabilityDiagram, negativeLogLikelihood: Double) {
    self.init(
      bins: diagram.bins.map {
        Bin(lower: $0.lower, upper: $0.upper, count: $0.count, confidence: $0.confidence, accuracy: $0.accuracy)
      },
      expectedError: diagram.expectedCalibrationError, negativeLogLikelihood: negativeLogLikelihood)
  }
}

/// The uncertainty of each right prediction, and of each wrong one.
package struct UncertaintySplit: Sendable, Equatable {
  /// The name of the measure of uncertainty, with its unit, such as `Entropy (nats)`.
  package var measure: String
  /// The uncertainties of right predictions, and those of wrong ones.
  package var right, wrong: [Double]
  /// The area under the ROC curve: the probability that a wrong prediction is more uncertain than a right one; `nil` if
  /// there are no right or no wrong predictions.
  package var areaUnderROC: Double?
  /// The number of samples from which these were drawn at random; `nil` if all samples were used.
  package var drawnFrom: Int?

  package init(measure: String, right: [Double], wrong: [Double], areaUnderROC: Double?, drawnFrom: Int? = nil) {
    (self.measure, self.right, self.wrong, self.areaUnderROC) = (measure, right, wrong, areaUnderROC)
    self.drawnFrom = drawnFrom
  }
}
