import MoultCore
import MoultFormats
import MoultNN

extension [LayerDescription] {
  private static var key: String { "moult.layers" }

  /// The layers as metadata of a file of weights: `{"dropout1":{"type":"Dropout","rate":0.5}}` under `moult.layers`.
  var metadata: [String: String] {
    let layers = map { layer in
      var members = [JSONOutput.Member(key: "type", value: .string(layer.type))]
      if let rate = layer.rate { members.append(JSONOutput.Member(key: "rate", value: .number(rate))) }
      return JSONOutput.Member(key: layer.path, value: .object(members))
    }
    return [Self.key: JSONOutput.object(layers).line]
  }

  /// Reads the layers from the metadata of a file of weights, sorted by path; nil if the file does not describe them.
  ///
  /// - Throws: `.badData` if the text is no description of layers.
  init?(metadata: [String: String], location: String) throws(MoultError) {
    guard let text = metadata[Self.key] else { return nil }
    let damaged = MoultError(
      .badData, "expected the types and rates of layers in \(Self.key), got something else; the file is damaged",
      location: location)
    guard case .object(let members) = JSONValue(text) else { throw damaged }
    self = []
    for (path, value) in members.sorted(by: { $0.key < $1.key }) {
      guard case .object(let members) = value, case .string(let type) = members["type"] else { throw damaged }
      let rate = members["rate"]?.double
      guard members["rate"] == nil || rate.map((0...1).contains) ?? false else { throw damaged }
      append(LayerDescription(path: path, type: type, rate: rate))
    }
  }
}
