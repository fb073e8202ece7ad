import Moult

extension LearningProblem.Task {
  /// What the target of a table is.
  init(_ encoding: TableEncoding) {
    switch encoding.target {
    case .classes(let names): self = .classification(names)
    case .quantity(let mean, let deviation):
      self = .regression(name: encoding.targetName, mean: mean, deviation: deviation)
    }
  }

  /// The task as the file of a model has it.
  var json: JSONOutput {
    switch self {
    case .classification(let names):
      ["schema": 1, "kind": "classification", "classes": .array(names.map { .string($0) })]
    case .regression(let name, let mean, let deviation):
      [
        "schema": 1, "kind": "regression", "name": .string(name), "mean": .number(mean),
        "deviation": .number(deviation),
      ]
    }
  }

  /// Reads what ``json`` gives; nil for anything else.
  init?(_ text: String) {
    guard case .object(let members) = JSONValue(text), case .string(let kind) = members["kind"] else { return nil }
    switch kind {
    case "classification":
      guard case .array(let values) = members["classes"] else { return nil }
      let names = values.compactMap { value -> String? in if case .string(let name) = value { name } else { nil } }
      guard names.count == values.count else { return nil }
      self = .classification(names)
    case "regression":
      guard case .string(let name) = members["name"], let mean = members["mean"]?.double, mean.isFinite,
        let deviation = members["deviation"]?.double, deviation > 0, deviation.isFinite
      else { return nil }
      self = .regression(name: name, mean: mean, deviation: deviation)
    default: return nil
    }
  }
}
