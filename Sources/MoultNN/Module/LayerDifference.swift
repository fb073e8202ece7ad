import MoultCore

/// A difference between a layer of a model and the layer that a file of weights describes.
public enum LayerDifference: Sendable, Equatable, CustomStringConvertible {
  /// The layers have different types; nil if there is no layer with this path.
  case type(layer: String, file: String?, model: String?)
  /// The layers have different dropout rates.
  case rate(layer: String, file: Double, model: Double)

  /// The difference as text: `dropout1: rate 0.5 in the file, 0.3 in the model`.
  public var description: String {
    switch self {
    case .type(let layer, let file, let model):
      "\(layer): \(file ?? "no layer") in the file, \(model ?? "no layer") in the model"
    case .rate(let layer, let file, let model): "\(layer): rate \(file) in the file, \(model) in the model"
    }
  }

  /// Returns the differences between the layers of a file and of a model.
  ///
  /// A layer that only one of them has is left out if the names of its parameters are different too, as the report
  /// already lists these.
  ///
  /// - Parameters:
  ///   - file: The layers of the file.
  ///   - model: The layers of the model.
  ///   - renaming: The rules that turn the names of the file into those of the model. They may not describe the paths
  ///     of layers without parameters, so with rules only layers that both have are compared.
  ///   - reported: The names that only one of them has.
  static func between(
    file: [LayerDescription], model: [LayerDescription], renaming: [RenameRule], reported: [String]
  ) -> [LayerDifference] {
    let canonical = StateMatching.canonical
    let file = file.compactMap { layer in
      renaming.renamed(layer.path + ".").map { name, _ in
        LayerDescription(path: String(name.dropLast()), type: layer.type, rate: layer.rate)
      }
    }
    // Paths match as names of parameters do.
    let exact = Dictionary(file.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let similar = Dictionary(file.map { (canonical($0.path), $0) }, uniquingKeysWith: { first, _ in first })
    let reported = reported.map(canonical)
    func mayBeLeftOut(_ layer: LayerDescription) -> Bool {
      let prefix = canonical(layer.path) + "."
      return !renaming.isEmpty || reported.contains { $0.hasPrefix(prefix) }
    }
    var used: Set<String> = [], differences: [LayerDifference] = []
    for layer in model {
      guard let known = exact[layer.path] ?? similar[canonical(layer.path)] else {
        if !mayBeLeftOut(layer) { differences.append(.type(layer: layer.path, file: nil, model: layer.type)) }
        continue
      }
      used.insert(known.path)
      if known.type != layer.type {
        differences.append(.type(layer: layer.path, file: known.type, model: layer.type))
      } else if let rate = known.rate, let own = layer.rate, rate != own {
        differences.append(.rate(layer: layer.path, file: rate, model: own))
      }
    }
    for layer in file where !used.contains(layer.path) && !mayBeLeftOut(layer) {
      differences.append(.type(layer: layer.path, file: layer.type, model: nil))
    }
    return differences
  }
}
