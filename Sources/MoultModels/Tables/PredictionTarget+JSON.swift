import MoultCore
import MoultFormats
import MoultNN

extension PredictionTarget {
  /// The target as JSON, as it is stored in a model file.
  var json: JSONOutput {
    if task == .classification {
      return ["schema": 1, "kind": "classification", "classes": .array(classNames.map { .string($0) })]
    }
    return [
      "schema": 1, "kind": "regression", "name": .string(name), "mean": .number(mean), "deviation": .number(deviation),
    ]
  }

  /// Creates a target from the text of ``json``; nil if it is invalid.
  init?(json text: String) {
    guard case .object(let members) = JSONValue(text), case .string(let kind) = members["kind"] else { return nil }
    switch kind {
    case "classification":
      guard case .array(let values) = members["classes"] else { return nil }
      let names = values.compactMap { value -> String? in if case .string(let name) = value { name } else { nil } }
      guard names.count == values.count else { return nil }
      self.init(classes: names)
    case "regression":
      guard case .string(let name) = members["name"], let mean = members["mean"]?.double, mean.isFinite,
        let deviation = members["deviation"]?.double, deviation > 0, deviation.isFinite
      else { return nil }
      self.init(number: name, mean: mean, deviation: deviation)
    default: return nil
    }
  }
}
