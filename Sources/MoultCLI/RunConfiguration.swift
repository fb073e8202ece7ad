import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a run's `config.json` says about its network and data; what else it holds is passed over.
struct RunConfiguration: Decodable, Equatable {
  var model: String
  var dropout: Double
  var inputDropout: Double
  var maxNorm: Double?
  /// Runs of before there were variants do not name theirs.
  var variant: String?
  var data: String
  var seed: UInt64

  enum CodingKeys: String, CodingKey {
    case model, dropout, variant, data, seed
    case inputDropout = "input_dropout"
    case maxNorm = "max_norm"
  }

  /// Reads a run's settings.
  static func read(_ path: String) throws(MoultError) -> RunConfiguration {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw MoultError(.noInput, "expected the settings of a run that can be read", location: path)
    }
    do {
      return try JSONDecoder().decode(RunConfiguration.self, from: bytes)
    } catch {
      throw MoultError(
        .badData, "expected the settings of a run, with model, dropout, input_dropout, data and seed", location: path)
    }
  }
}
