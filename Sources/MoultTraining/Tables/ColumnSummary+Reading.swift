import MoultCore

extension ColumnSummary {
  /// With no more different values, a column of numbers and texts may well be one of names.
  private static let fewValues = 20

  /// Throws where the column is one of numbers that were not all read as such, so that it would become names: noise.
  ///
  /// What the user said about the column counts.
  func requireReadable(name: String, options: TableOptions, location: String) throws(MoultError) {
    let isTarget = name == options.target
    if name == options.splitColumn || options.ignored.contains(name) || options.categorical.contains(name) { return }
    guard let text = firstText, !(isTarget && options.task != nil) else { return }
    let remedy = isTarget ? "--task classification" : "--categorical \(name), or --ignore \(name)"
    if commaNumberCount > 0, numberCount + commaNumberCount == presentCount {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected numbers as 1234.5, with a decimal point and nothing between thousands, got "
          + "'\(text.text)'; write them so, or say \(remedy)", location: location)
    }
    if isMostlyNumbers, differentCount > Self.fewValues {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected a number, as most of the column's values are, got '\(text.text)'; mend it, "
          + "write NA where a value is missing, or say \(remedy)", location: location)
    }
  }
}
