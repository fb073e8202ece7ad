import MoultCore
import MoultFormats
import MoultNN

extension Module {
  /// Writes all parameters and buffers to a safetensors file, atomically.
  ///
  /// The file also stores how many times each stochastic layer was called in training mode outside a `withStep` scope.
  /// A hand-written training loop that resumes from the file therefore draws the same masks as one that was not
  /// interrupted.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - naming: The spelling of the names. `.snakeCase` gives the names of a PyTorch module with the same structure.
  ///   - extra: Additional metadata, which `SafeTensors.read` returns.
  /// - Throws: An error of code `.badData` if two names are equal in this spelling, or of code `.cannotWrite`.
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
    // Some PyTorch tools require this entry.
    var metadata = extra.merging(["format": "pt"]) { $1 }
    for (name, layer) in stochasticLayers() {
      metadata[usesKey(name)] = String(layer.dropoutState.calls.uses)
    }
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  /// Sets all parameters and buffers from a safetensors file, written by `save` or holding the `state_dict` of a
  /// PyTorch module with the same structure.
  ///
  /// - Throws: An error of code `.noInput` if the file cannot be read, or of code `.badData` if its names, shapes or
  ///   types do not match; then nothing has changed.
  public func load(from path: String) throws(MoultError) {
    let (tensors, metadata) = try SafeTensors.read(path)
    var uses: [(layer: any StochasticLayer, count: UInt64)] = []
    for (name, layer) in stochasticLayers() {
      guard let text = metadata[usesKey(name)] else { continue }
      // The number of a call has 32 bits in the mask law (Documentation/MaskLaw.md).
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
