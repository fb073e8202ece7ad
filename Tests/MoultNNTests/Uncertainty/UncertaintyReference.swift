import MoultCore
import MoultTestSupport

/// Tests/Reference/uncertainty.json: what NumPy, SciPy and scikit-learn say.
struct UncertaintyReference: Decodable {
  let classification: Passes
  let regression: Passes
  let heteroscedastic: Passes
  let calibration: Calibration

  struct Passes: Decodable {
    let passes, mean, variance, standardError: ReferenceTensor
    let entropy, expectedEntropy, mutualInformation: ReferenceTensor?
    let targets, predictiveVariance, noiseVariance, logLikelihood: ReferenceTensor?
    let precision, loss: Double?
  }

  struct Calibration: Decodable {
    let logits, probabilities, uncertainty, losses: ReferenceTensor
    let labels: [Int]
    /// Counts, mean confidences and accuracies.
    let bins: [[Double]]
    let expectedCalibrationError, maximumCalibrationError, brier, negativeLogLikelihood, temperature: Double
    let areaUnderRiskCoverage, areaUnderROC: Double
  }

  static func load() throws -> UncertaintyReference {
    try ReferenceFiles.decode(UncertaintyReference.self, from: "uncertainty.json")
  }
}
