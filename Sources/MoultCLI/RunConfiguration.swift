import Moult

/// What a run's `config.json` says about its network and data.
struct RunConfiguration {
  let network: NetworkSettings
  let data: String
  let seed: UInt64
  let imageSize: PixelSize?
  /// Decides which samples were held out.
  let splitSeed: UInt64

  /// Reads a run's settings, and checks that a network can be built from them.
  static func read(_ path: String) throws(MoultError) -> RunConfiguration {
    let given = try ConfigurationFile.read(path)
    guard let layers = given.layers, let dropout = given.dropout, let source = given.source, let seed = given.seed
    else {
      throw MoultError(
        .badData, "expected the settings of a run, with model.layers, model.dropout, data.source and seed",
        location: path)
    }
    let network = NetworkSettings(
      spec: layers, dropout: dropout, inputDropout: given.inputDropout ?? 0, maxNorm: given.maxNorm,
      variant: given.variant)
    if let objection = network.objection {
      throw MoultError(.badData, "model.\(objection.key): \(objection.text)", location: path)
    }
    return RunConfiguration(
      network: network, data: source, seed: seed, imageSize: given.imageSize, splitSeed: given.splitSeed ?? seed)
  }
}
