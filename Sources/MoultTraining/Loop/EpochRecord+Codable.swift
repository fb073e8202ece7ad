extension EpochRecord {
  /// Reads a record. Numbers may be null, or text if they are not finite, as `encode(to:)` writes them; a null that is
  /// not optional is NaN.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double {
      guard values.contains(key) else {
        let context = DecodingError.Context(codingPath: values.codingPath, debugDescription: "expected a number")
        throw DecodingError.keyNotFound(key, context)
      }
      return try optional(key) ?? .nan
    }
    func optional(_ key: CodingKeys) throws -> Double? {
      try values.decodeIfPresent(CodableNumber.self, forKey: key)?.value
    }
    func dictionary(_ key: CodingKeys) throws -> [String: Double]? {
      try values.decodeIfPresent([String: CodableNumber?].self, forKey: key)?.mapValues { $0?.value ?? .nan }
    }
    self.init(
      epoch: try values.decode(Int.self, forKey: .epoch), steps: try values.decode(Int.self, forKey: .steps),
      trainLoss: try number(.trainLoss), trainAccuracy: try optional(.trainAccuracy),
      validationLoss: try optional(.validationLoss), validationAccuracy: try optional(.validationAccuracy),
      validationMetrics: try dictionary(.validationMetrics), trainEvaluationLoss: try optional(.trainEvaluationLoss),
      trainEvaluationAccuracy: try optional(.trainEvaluationAccuracy),
      trainEvaluationMetrics: try dictionary(.trainEvaluationMetrics), learningRate: try number(.learningRate),
      dropoutRates: try dictionary(.dropoutRates), seconds: try number(.seconds),
      samplesPerSecond: try number(.samplesPerSecond))
  }

  /// Writes a record. Numbers that are not finite, which JSON does not have, are the texts `nan`, `inf` and `-inf`.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(epoch, forKey: .epoch)
    try values.encode(steps, forKey: .steps)
    let numbers: [(CodingKeys, Double?)] = [
      (.trainLoss, trainLoss), (.trainAccuracy, trainAccuracy), (.validationLoss, validationLoss),
      (.validationAccuracy, validationAccuracy), (.trainEvaluationLoss, trainEvaluationLoss),
      (.trainEvaluationAccuracy, trainEvaluationAccuracy), (.learningRate, learningRate), (.seconds, seconds),
      (.samplesPerSecond, samplesPerSecond),
    ]
    for (key, value) in numbers { try values.encodeIfPresent(value.map(CodableNumber.init), forKey: key) }
    let dictionaries = [
      (CodingKeys.validationMetrics, validationMetrics), (.trainEvaluationMetrics, trainEvaluationMetrics),
      (.dropoutRates, dropoutRates),
    ]
    for (key, value) in dictionaries {
      try values.encodeIfPresent(value?.mapValues(CodableNumber.init), forKey: key)
    }
  }
}

/// A number that is text in a coded form if it is not finite.
private struct CodableNumber: Codable {
  let value: Double

  init(_ value: Double) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      guard let value = Double(text), !value.isFinite else {
        throw DecodingError.typeMismatch(
          Double.self,
          DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "expected a number, got text"))
      }
      self.value = value
    } else {
      value = try container.decode(Double.self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encode("\(value)") }
  }
}
