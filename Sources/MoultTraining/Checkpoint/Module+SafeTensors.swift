import MoultCore
import MoultFormats
import MoultNN

extension Module {
  /// Writes all parameters and buffers to a safetensors file, atomically.
  ///
  /// The file also holds how often each layer that draws has been used for training, so that a hand-written loop that
  /// goes on from it draws what it would have drawn.
  ///
  /// - Parameters:
  ///   - naming: `.snakeCase` writes the names that a PyTorch module of the same build has.
  ///   - extra: more to say about the model; `SafeTensors.read` gives it back as metadata.
  public func save(
    to path: String, naming: ParameterNaming = .camelCase, metadata extra: [String: String] = [:]
  ) throws(MoultError) {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in stateDictionary() {
      guard tensors.updateValue(tensor, forKey: naming.spelled(name)) == nil else {
        throw MoultError(
          .badData,
          "expected names that differ in snake_case, got \"\(naming.spelled(name))\" twice; save in .camelCase or "
            + "rename one",
          location: path)
      }
    }
    // PyTorch's own tools ask for this mark.
    var metadata = extra.merging(["format": "pt"]) { $1 }
    for (name, layer) in stochasticLayers() {
      metadata[usesKey(name)] = String(layer.dropoutState.calls.uses)
    }
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  /// Reads all parameters and buffers from a safetensors file: one written by `save`, or a PyTorch `state_dict` of a
  /// module of the same build. Changes nothing if it throws.
  public func load(from path: String) throws(MoultError) {
    let (tensors, metadata) = try SafeTensors.read(path)
    var uses: [(layer: any StochasticLayer, count: UInt64)] = []
    for (name, layer) in stochasticLayers() {
      guard let text = metadata[usesKey(name)] else { continue }
      // The mask law numbers uses in 32 bits.
      guard let count = UInt32(text) else {
        throw MoultError(
          .badData, "expected a count from 0 to 2^32 - 1 for \(usesKey(name)), got \"\(text)\"", location: path)
      }
      uses.append((layer, UInt64(count)))
    }
    do {
      try load(tensors)
    } catch {
      throw MoultError(error.code, error.message, location: path, cause: error.cause)
    }
    for (layer, count) in uses { layer.dropoutState.calls.uses = count }
  }
}

private func usesKey(_ layer: String) -> String { "moult.uses.\(layer)" }
