import ArgumentParser
import Moult

/// The settings of `moult mask` for one mask.
struct MaskSettings: Equatable {
  var seed: UInt64 = 0
  var layer = 0
  var call = 0
  var domain = Domain.training
  var step = 0
  var rate: Double
  var sample = 0
  var rows = 1
  var units: Int

  /// The domains of random numbers, by name (see Documentation/MaskLaw.md).
  enum Domain: String, CaseIterable, ExpressibleByArgument {
    case training, sampling, shuffling, initialization, augmentation, user

    /// Creates a domain from its name or its number, 0 to 5.
    init?(argument: String) {
      if let domain = Domain(rawValue: argument) {
        self = domain
      } else if let number = Int(argument), Self.allCases.indices.contains(number) {
        self = Self.allCases[number]
      } else {
        return nil
      }
    }

    var randomDomain: RandomDomain {
      switch self {
      case .training: .training
      case .sampling: .sampling
      case .shuffling: .shuffling
      case .initialization: .initialization
      case .augmentation: .augmentation
      case .user: .user
      }
    }
  }

  /// The largest number of a layer, call, step or sample, which are 32-bit numbers.
  private static let wordLimit = Int(UInt32.max)
  /// The largest number of units in all rows together, because a result is held in memory before it is printed.
  static let unitLimit = 1 << 28

  /// The reason why a setting is out of range, beginning with the name of the setting; nil if all are valid.
  var validationError: String? {
    let words = [("layer", layer), ("call", call), ("step", step), ("sample", sample)]
    for (name, value) in words where !(0...Self.wordLimit).contains(value) {
      return "\(name): expected 0 to \(Self.wordLimit), got \(value)"
    }
    if !(0...1).contains(rate) {
      return "rate: expected a rate in 0...1, got \(rate); it is the probability of dropping"
    }
    if !(1...Self.unitLimit).contains(units) { return "units: expected 1 to \(Self.unitLimit), got \(units)" }
    if !(1...Self.wordLimit).contains(rows) { return "rows: expected 1 to \(Self.wordLimit), got \(rows)" }
    if sample + rows - 1 > Self.wordLimit {
      return "rows: expected samples up to \(Self.wordLimit), got a last sample of \(sample + rows - 1)"
    }
    let (total, overflows) = rows.multipliedReportingOverflow(by: units)
    if overflows || total > Self.unitLimit {
      return "rows: expected at most \(Self.unitLimit) units in all rows, got \(rows) rows of \(units); "
        + "ask for them in parts with sample"
    }
    return nil
  }

  /// The masks of all rows as one JSON object.
  var json: JSONOutput {
    [
      "schema": 1, "event": "mask", "sample": .integer(sample),
      "masks": .array((0..<rows).map { .string(text(ofRow: $0)) }),
    ]
  }

  /// Returns the mask of one row: `0` for a dropped unit, `1` for a kept one.
  ///
  /// - Precondition: ``validationError`` is nil.
  func text(ofRow row: Int) -> String {
    let dropped = dropMaskBits(
      seed: seed, layer: UInt32(layer), call: UInt32(call), domain: domain.randomDomain, step: UInt32(step), rate: rate,
      sample: UInt32(sample + row), rows: 1, units: units)
    return String(decoding: dropped.joined().map { $0 ? UInt8(ascii: "0") : UInt8(ascii: "1") }, as: UTF8.self)
  }
}
