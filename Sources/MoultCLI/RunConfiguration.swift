import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a run's `config.json` says about its network and data; what else it holds is passed over.
struct RunConfiguration {
  let network: NetworkSettings
  let data: String
  let seed: UInt64

  /// The file as it is written.
  private struct Content: Decodable {
    let model: String
    let dropout: Double
    let inputDropout: Double
    let maxNorm: Double?
    /// Runs of before there were variants do not name theirs.
    let variant: String?
    let data: String
    let seed: UInt64

    enum CodingKeys: String, CodingKey {
      case model, dropout, variant, data, seed
      case inputDropout = "input_dropout"
      case maxNorm = "max_norm"
    }
  }

  /// Reads a run's settings, and checks that a network can be built from them.
  static func read(_ path: String) throws(MoultError) -> RunConfiguration {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw MoultError(.noInput, "expected the settings of a run that can be read", location: path)
    }
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: bytes)
    } catch {
      throw MoultError(
        .badData, "expected the settings of a run, with model, dropout, input_dropout, data and seed", location: path)
    }
    func setting<Value>(_ key: String, _ read: () throws -> Value) throws(MoultError) -> Value {
      do { return try read() } catch { throw MoultError(.badData, "\(key): \(error)", location: path) }
    }
    let network = NetworkSettings(
      spec: try setting("model") { try ModelSpec(content.model) }, dropout: content.dropout,
      inputDropout: content.inputDropout, maxNorm: content.maxNorm,
      variant: try setting("variant") { try content.variant.map { try DropoutVariant(named: $0) } })
    if let objection = network.objection {
      throw MoultError(.badData, "\(objection.key): \(objection.text)", location: path)
    }
    return RunConfiguration(network: network, data: content.data, seed: content.seed)
  }
}
