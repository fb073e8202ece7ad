import MoultCore
import MoultTestSupport

/// Tests/Reference/uncertainty.json: what NumPy, SciPy and scikit-learn say.
struct UncertaintyReference: Decodable {
  let classification: Passes
  let regression: Passes
  let heteroscedastic: Passes
  let calibration: Calibration

  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values, shape: shape) }
  }

  struct Passes: Decodable {
    let passes, mean, variance, standardError: Numbers
    let entropy, expectedEntropy, mutualInformation: Numbers?
    let targets, predictiveVariance, noiseVariance, logLikelihood: Numbers?
    let precision, loss: Double?
  }

  struct Calibration: Decodable {
    let logits, probabilities, uncertainty, losses: Numbers
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
