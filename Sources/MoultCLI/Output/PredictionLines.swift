import Moult

/// Answers as lines of a CSV file or of JSON.
struct PredictionLines {
  /// The name of each output of a classification; nil for a quantity.
  let outputNames: [String]?
  /// Standard deviations to either side of the mean.
  let width: Double

  /// The names of the columns.
  var header: String {
    guard let outputNames else { return "row,mean,deviation,lower,upper" }
    let probabilities = outputNames.map { ("p_" + $0).quotedForCSV }
    return (["row", "class", "probability", "entropy", "mutual_information"] + probabilities).joined(separator: ",")
  }

  /// One row, counted from 1.
  func line(_ answer: AnswerMaker.Answer, row: Int) -> String {
    switch answer {
    case .quantity(let mean, let deviation):
      return "\(row),\(mean),\(deviation),\(mean - width * deviation),\(mean + width * deviation)"
    case .classes(let probabilities, let entropy, let information):
      let best = probabilities.greatestIndex
      let fields =
        ["\(row)", name(best).quotedForCSV, "\(probabilities[best])", "\(entropy)", "\(information)"]
        + probabilities.map { "\($0)" }
      return fields.joined(separator: ",")
    }
  }

  func json(_ answer: AnswerMaker.Answer, row: Int) -> JSONOutput {
    switch answer {
    case .quantity(let mean, let deviation):
      return [
        "schema": 1, "event": "prediction", "row": .integer(row), "mean": .number(mean),
        "deviation": .number(deviation), "lower": .number(mean - width * deviation),
        "upper": .number(mean + width * deviation),
      ]
    case .classes(let probabilities, let entropy, let information):
      let best = probabilities.greatestIndex
      return [
        "schema": 1, "event": "prediction", "row": .integer(row), "class": .string(name(best)),
        "probability": .number(probabilities[best]), "entropy": .number(entropy),
        "mutual_information": .number(information),
        "probabilities": .object(
          probabilities.enumerated().map { .init(key: name($0.offset), value: .number($0.element)) }),
      ]
    }
  }

  private func name(_ index: Int) -> String {
    outputNames?[index] ?? "\(index)"
  }
}
