import MoultCore
import MoultFormats
import MoultNN

/// The header of a weights file that `moult train` wrote: its metadata, and the names and shapes of its tensors.
package struct ModelFile {
  package let path: String
  package let metadata: [String: String]
  /// The layer sizes of the network, from the shapes of its weights.
  package let layers: LayerSizes
  private let names: [String]

  /// The metadata key under which the description of the network is stored.
  static let networkKey = "moult.network"

  /// Reads the header of the file at `path`.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it does not hold the weights of such a network.
  package init(_ path: String) throws(MoultError) {
    let header = try SafeTensors.readHeader(path)
    self.path = path
    metadata = header.metadata
    names = header.entries.map(\.name)
    layers = try Self.layers(of: header.entries, path)
  }

  private static func layers(of entries: [SafeTensorsHeader.Entry], _ path: String) throws(MoultError) -> LayerSizes {
    // Some variants keep the linear layer in a property, so the name has one more part: hiddenLayers.0.head.weight.
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
    return LayerSizes(
      inputSize: weights[0][1], hiddenSizes: weights.dropLast().map { $0[0] }, outputSize: output[0])
  }

  /// The description of the network in the file's metadata; nil in files of old versions.
  package var spec: ModelSpec? {
    get throws(MoultError) {
      guard let text = metadata[Self.networkKey] else { return nil }
      return try ModelSpec(json: text, location: path)
    }
  }

  /// The parameters that only one variant has: the last parts of their names -> the name of the variant.
  private static let parametersOfVariants = [
    "logit": "concrete", "logAlpha": "variational-dropout", "logVariance": "variational-linear",
    "head.weight": "multi-sample", "linear.weight": "standout",
  ]

  /// The dropout variant of the network; nil for plain dropout.
  ///
  /// Files of old versions do not store the variant. Then it is found by the parameters of the first hidden layer, if
  /// it has some that no other variant has. Variants without such parameters are taken for plain dropout.
  package var variant: DropoutVariant? {
    get throws(MoultError) {
      if let spec = try spec { return spec.variant }
      let parts = names.filter { $0.hasPrefix("hiddenLayers.0.") || $0.hasPrefix("dropouts.0.") }
        .map { $0.split(separator: ".").dropFirst(2).joined(separator: ".") }
      let name = parts.lazy.compactMap { Self.parametersOfVariants[$0] }.first
      return name.flatMap { name in DropoutVariant.all.first { $0.name == name } }
    }
  }
}
