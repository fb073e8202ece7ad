import Moult

/// Formats predictions as lines of CSV or JSON.
struct PredictionLines {
  /// The names of the outputs of a classification; empty for a regression.
  let outputNames: [String]
  /// The half width of the intervals, in standard deviations.
  let width: Double

  /// The CSV header.
  var header: String {
    if outputNames.isEmpty { return "row,mean,deviation,lower,upper" }
    let probabilities = outputNames.map { ("p_" + $0).quotedForCSV }
    return (["row", "class", "probability", "entropy", "mutual_information"] + probabilities).joined(separator: ",")
  }

  /// Returns the CSV line of a prediction. `row` is counted from 1.
  func line(_ prediction: RowPrediction, row: Int) -> String {
    var fields = ["\(row)"]
    if let number = prediction.number {
      let (lower, upper) = number.interval(deviations: width)
      fields += [number.mean, number.deviation, lower, upper].map { "\($0)" }
    } else if let classes = prediction.classes {
      fields.append(classes.label.quotedForCSV)
      fields += ([classes.probability, classes.entropy, classes.mutualInformation] + classes.probabilities)
        .map { "\($0)" }
    }
    return fields.joined(separator: ",")
  }

  func json(_ prediction: RowPrediction, row: Int) -> JSONOutput {
    var members: [JSONOutput.Member] = [
      .init(key: "schema", value: 1), .init(key: "event", value: "prediction"), .init(key: "row", value: .integer(row)),
    ]
    func add(_ key: String, _ value: JSONOutput) { members.append(.init(key: key, value: value)) }
    if let number = prediction.number {
      let (lower, upper) = number.interval(deviations: width)
      for (key, value) in [("mean", number.mean), ("deviation", number.deviation), ("lower", lower), ("upper", upper)] {
        add(key, .number(value))
      }
    } else if let classes = prediction.classes {
      add("class", .string(classes.label))
      add("probability", .number(classes.probability))
      add("entropy", .number(classes.entropy))
      add("mutual_information", .number(classes.mutualInformation))
      add(
        "probabilities",
        .object(zip(outputNames, classes.probabilities).map { .init(key: $0, value: .number($1)) }))
    }
    return .object(members)
  }
}
