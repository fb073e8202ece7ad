import Moult

extension DropoutVariant {
  /// Finds the variant that is named in an option or a setting.
  ///
  /// - Throws: `.usage` for an unknown name; the message suggests similar names.
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
  /// The error in terms of the tool's options.
  var optionError: MoultError {
    let option = key.replacing("_", with: "-"), text = text.replacing("the variant ", with: "--variant ")
    return MoultError(.usage, "--\(option): \(text)" + (key == "variant" ? "; --list-variants shows which do" : ""))
  }
}
