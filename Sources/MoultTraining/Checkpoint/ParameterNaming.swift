/// The spelling of parameter names in a file. Loading accepts both spellings.
public enum ParameterNaming: Sendable {
  /// The names of the Swift properties: `hiddenLayer1.weight`.
  case camelCase
  /// Names as in Python: `hidden_layer1.weight`.
  case snakeCase

  /// Returns a name, a path such as `encoder.0.hiddenLayer1.weight`, in this spelling.
  package func spelled(_ name: String) -> String {
    guard self == .snakeCase else { return name }
    let characters = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
      if character.isUppercase, index > 0 {
        let previous = characters[index - 1]
        let isNextLowercase = index + 1 < characters.count && characters[index + 1].isLowercase
        // A new word begins at a capital after a lowercase letter (hiddenLayer), and, if a lowercase letter follows, at
        // the last of several capitals (batchNORMLayer) and at a capital after a digit (layer1Norm, but not conv2D).
        if previous.isLowercase || (isNextLowercase && (previous.isUppercase || previous.isNumber)) {
          result += "_"
        }
      }
      result += character.lowercased()
    }
    return result
  }
}
