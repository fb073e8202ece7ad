import Moult

/// What the names and shapes in a weights file of `moult train` say about the network.
struct ModelFile {
  let path: String
  let spec: ModelSpec
  private let names: Set<String>

  /// Reads the file's header.
  init(_ path: String) throws(MoultError) {
    let entries = try SafeTensors.readHeader(path).entries
    self.path = path
    names = Set(entries.map(\.name))
    // Layers of some variants hold the linear layer in a property of their own: hiddenLayers.0.head.weight.
    var hidden: [Int: [Int]] = [:]
    for entry in entries where entry.shape.count == 2 {
      let parts = entry.name.split(separator: ".")
      guard (3...4).contains(parts.count), parts[0] == "hiddenLayers", parts[parts.count - 1] == "weight",
        let index = Int(parts[1])
      else { continue }
      hidden[index] = entry.shape
    }
    guard let output = entries.first(where: { $0.name == "outputLayer.weight" && $0.shape.count == 2 })?.shape else {
      throw MoultError(
        .badData, "expected outputLayer.weight [out, in], as files of 'moult train' have it, got no such tensor",
        location: path)
    }
    var weights: [[Int]] = []
    while let next = hidden[weights.count] { weights.append(next) }
    weights.append(output)
    for (first, second) in zip(weights, weights.dropFirst()) where first[0] != second[1] {
      throw MoultError(
        .badData,
        "expected weights that fit together, got a layer of \(first[0]) units before one of \(second[1]) inputs",
        location: path)
    }
    spec = ModelSpec(inputSize: weights[0][1], hiddenSizes: weights.dropLast().map { $0[0] }, outputSize: output[0])
  }

  /// The variant that has the file's parameters and no other does; nil if plain dropout does as well.
  var variant: DropoutVariant? {
    if fits(nil) { return nil }
    return DropoutVariant.all.first { $0.applies(hiddenSizes: spec.hiddenSizes).applies && fits($0) }
  }

  /// Whether a network with the variant has parameters of the file's names, which a tiny one tells.
  private func fits(_ variant: DropoutVariant?) -> Bool {
    let tiny = ModelSpec(inputSize: 1, hiddenSizes: spec.hiddenSizes.map { _ in 1 }, outputSize: 1)
    let rate = variant?.defaultRate ?? NetworkOptions.defaultDropout
    return withSeed(0) { Set(MLP(tiny, dropout: rate, variant: variant).namedParameters().map(\.name)) == names }
  }
}
