import MoultCore
import MoultFormats
import MoultNN

extension Module {
  /// Writes all parameters and buffers to a safetensors file, atomically.
  ///
  /// The metadata also store how many times each stochastic layer was called in training mode outside a `withStep`
  /// scope, so that a hand-written training loop that resumes from the file draws the same masks as one that was not
  /// interrupted; and under `moult.layers` the types of the layers and their dropout rates, which loading compares. The
  /// rate of a layer that a schedule sets is not stored.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - naming: The spelling of the names. `.snakeCase` gives the names of a PyTorch module with the same structure.
  ///   - extra: Additional metadata, which `SafeTensors.read` returns.
  /// - Throws: An error of code `.badData` if two names are equal in this spelling, or of code `.cannotWrite`.
  public func save(
    to path: String, naming: ParameterNaming = .camelCase, metadata extra: [String: String] = [:]
  ) throws(MoultError) {
    try saveWeights(to: path, naming: naming, metadata: extra.merging(layerDescriptions().metadata) { $1 })
  }

  /// Writes all parameters and buffers as `save` does, but without types and rates of the layers. The model files of
  /// the tool describe their networks in their own way.
  package func saveWeights(
    to path: String, naming: ParameterNaming = .camelCase, metadata extra: [String: String]
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

  /// Sets all parameters and buffers from a file of weights: a safetensors file, or a `.pt` or `.pth` file that holds
  /// the `state_dict` of a PyTorch module with the same structure. The content decides, not the name of the file.
  ///
  /// If the file was written by `save`, the types of the layers and their dropout rates must be those of the model.
  /// Only layers that hold no others are compared, so types that put layers together may be renamed; with renaming
  /// rules, only layers that both have.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - renaming: The rules that turn the names of the file into those of this model.
  /// - Throws: An error of code `.noInput` if the file cannot be read, or of code `.badData` if its names, shapes,
  ///   types or layers do not match; then nothing has changed.
  public func load(from path: String, renaming: [RenameRule] = []) throws(MoultError) {
    _ = try load(from: path, renaming: renaming, strict: true)
  }

  /// Sets parameters and buffers from a file of weights, and returns what fit and what did not.
  ///
  /// With `strict: false`, parameters and buffers without an entry of their shape and type keep their values, layers
  /// keep their rates, and entries that belong to none are not used. The report lists all of them, and the compiler
  /// warns if it is not used.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - renaming: The rules that turn the names of the file into those of this model.
  ///   - strict: Whether anything that does not fit is an error, as in `load(from:renaming:)`.
  /// - Returns: The names that were loaded, and everything that did not fit.
  /// - Throws: An error of code `.noInput` if the file cannot be read, or of code `.badData` if it is damaged, if two
  ///   entries fit one parameter or buffer, or if anything does not fit a strict load; then nothing has changed.
  public func load(
    from path: String, renaming: [RenameRule] = [], strict: Bool
  ) throws(MoultError) -> LoadReport {
    let file = try StateDictionary(contentsOf: path)
    var uses: [(layer: any StochasticLayer, count: UInt64)] = []
    for (name, layer) in stochasticLayers() {
      guard let text = file.metadata[usesKey(name)] else { continue }
      // The number of a call has 32 bits in the mask law (Documentation/MaskLaw.md).
      guard let count = UInt32(text) else {
        throw MoultError(
          .badData, "expected a count from 0 to 2^32 - 1 for \(usesKey(name)), got \"\(text)\"", location: path)
      }
      uses.append((layer, UInt64(count)))
    }
    let layers = try [LayerDescription](metadata: file.metadata, location: path)
    let report: LoadReport
    do {
      report = try load(file.tensors, of: layers, renaming: renaming, strict: strict)
    } catch {
      throw MoultError(error.code, error.message, location: path, cause: error.cause)
    }
    for (layer, count) in uses { layer.dropoutState.calls.uses = count }
    return report
  }
}

private func usesKey(_ layer: String) -> String { "moult.uses.\(layer)" }
