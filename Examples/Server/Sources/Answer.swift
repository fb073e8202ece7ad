import Hummingbird
import Moult

/// The body of an answer: `{"predictions": [{"mean": 310, "deviation": 12, "lower": 290, "upper": 330}]}`.
struct Answer: ResponseEncodable {
  let predictions: [AnsweredRow]
}

/// The prediction for a row, with the names that `moult predict --json` uses: of a number, or of classes.
struct AnsweredRow: Encodable {
  var mean, deviation, lower, upper: Double?
  var label: String?
  var probability, entropy: Double?
  var mutualInformation: Double?
  var probabilities: [Double]?

  init(_ prediction: RowPrediction) {
    if let number = prediction.number {
      (mean, deviation) = (number.mean, number.deviation)
      let interval = number.interval(0.9)
      (lower, upper) = (interval.lower, interval.upper)
    }
    if let classes = prediction.classes {
      (label, probability, probabilities) = (classes.label, classes.probability, classes.probabilities)
      (entropy, mutualInformation) = (classes.entropy, classes.mutualInformation)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case mean, deviation, lower, upper, probability, entropy, probabilities
    case label = "class"
    case mutualInformation = "mutual_information"
  }
}
