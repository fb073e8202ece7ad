import Moult

extension DropoutVariant {
  /// The variant that an option or a setting names.
  ///
  /// - Throws: `.usage` with the names that are near to it.
  static func option(_ name: String) throws(MoultError) -> DropoutVariant {
    do throws(MoultError) {
      return try DropoutVariant(named: name)
    } catch {
      throw MoultError(
        error.code,
        error.message.replacing("DropoutVariant.all has all", with: "moult train --list-variants shows all"))
    }
  }
}

extension SpecError {
  /// The error of the option that is wrong, in the words of the tool.
  var optionError: MoultError {
    let option = key.replacing("_", with: "-"), text = text.replacing("the variant ", with: "--variant ")
    return MoultError(.usage, "--\(option): \(text)" + (key == "variant" ? "; --list-variants shows which do" : ""))
  }
}
