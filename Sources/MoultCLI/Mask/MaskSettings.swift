import ArgumentParser
import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One question to the mask law.
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

  /// The law's domains by name.
  enum Domain: String, CaseIterable, ExpressibleByArgument {
    case training, sampling, shuffling, initialization, augmentation, user

    /// Takes a name or its number.
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

  /// The law counts layers, calls, steps and samples in 32 bits.
  private static let wordLimit = Int(UInt32.max)
  /// Units of all rows together: an answer is held in memory before it is printed.
  static let unitLimit = 1 << 28

  /// What is out of range, beginning with the setting's name, or `nil`.
  var problem: String? {
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
  var answer: JSONOutput {
    [
      "schema": 1, "event": "mask", "sample": .integer(sample),
      "masks": .array((0..<rows).map { .string(text(ofRow: $0)) }),
    ]
  }

  /// The mask of one row: 0 for a dropped unit, 1 for a kept one. The settings must have no problem.
  func text(ofRow row: Int) -> String {
    let dropped = dropMaskBits(
      seed: seed, layer: UInt32(layer), call: UInt32(call), domain: domain.randomDomain, step: UInt32(step), rate: rate,
      sample: UInt32(sample + row), rows: 1, units: units)
    return String(decoding: dropped.joined().map { $0 ? UInt8(ascii: "0") : UInt8(ascii: "1") }, as: UTF8.self)
  }
}

extension MaskSettings {
  /// Reads a JSON object with the names of the options.
  init(json line: String, location: String) throws(MoultError) {
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: Data(line.utf8))
    } catch let error as UnknownName {
      throw MoultError(
        .badData,
        "expected the names of options, got \"\(error.name)\"; "
          + nearHint(error.name, among: Fields.CodingKeys.allCases.map(\.rawValue)) + "'moult help mask' shows all",
        location: location)
    } catch {
      throw MoultError(
        .badData,
        "expected a JSON object with rate, units and whole numbers, such as {\"rate\":0.5,\"units\":16}, got \(line.prefix(80)); write one object a line",
        location: location)
    }
    var settings = MaskSettings(rate: fields.rate, units: fields.units)
    settings.seed = fields.seed ?? settings.seed
    settings.layer = fields.layer ?? settings.layer
    settings.call = fields.call ?? settings.call
    settings.step = fields.step ?? settings.step
    settings.sample = fields.sample ?? settings.sample
    settings.rows = fields.rows ?? settings.rows
    if let name = fields.domain?.text {
      guard let domain = Domain(argument: name) else {
        throw MoultError(.badData, "domain: expected a name or 0 to 5, got \(name)", location: location)
      }
      settings.domain = domain
    }
    if let problem = settings.problem { throw MoultError(.badData, problem, location: location) }
    self = settings
  }

  /// A name in a line that no option has.
  private struct UnknownName: Error {
    let name: String
  }

  private struct Fields: Decodable {
    var rate: Double
    var units: Int
    var seed: UInt64?
    var layer, call, step, sample, rows: Int?
    var domain: NameOrNumber?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case rate, units, seed, layer, call, step, sample, rows, domain
    }

    /// Any name at all.
    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }

      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let known = CodingKeys.allCases.map(\.rawValue)
      let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
      if let name = names.filter({ !known.contains($0) }).min() { throw UnknownName(name: name) }
      let values = try decoder.container(keyedBy: CodingKeys.self)
      rate = try values.decode(Double.self, forKey: .rate)
      units = try values.decode(Int.self, forKey: .units)
      seed = try values.decodeIfPresent(UInt64.self, forKey: .seed)
      layer = try values.decodeIfPresent(Int.self, forKey: .layer)
      call = try values.decodeIfPresent(Int.self, forKey: .call)
      step = try values.decodeIfPresent(Int.self, forKey: .step)
      sample = try values.decodeIfPresent(Int.self, forKey: .sample)
      rows = try values.decodeIfPresent(Int.self, forKey: .rows)
      domain = try values.decodeIfPresent(NameOrNumber.self, forKey: .domain)
    }
  }

  private struct NameOrNumber: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        text = String(number)
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
