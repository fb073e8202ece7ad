import MoultCore

extension ColumnSummary {
  /// Throws `.badData` if the column seems to be numeric but some values cannot be read as numbers. Such a column would
  /// silently become a categorical one.
  ///
  /// Columns that the options declare as split, ignored or categorical are not checked. Columns that they declare as
  /// numeric must hold only numbers.
  func requireReadable(name: String, options: TableOptions, location: String) throws(MoultError) {
    let isTarget = name == options.target
    if name == options.splitColumn || options.ignored.contains(name) || options.categorical.contains(name) { return }
    guard let text = firstText else { return }
    if !isTarget, options.numeric.contains(name) {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected a number, as --numeric says, got '\(text.text)'; mend it, or write NA where a "
          + "value is missing", location: location)
    }
    if isTarget, options.task != nil { return }
    let remedy = isTarget ? "--task classification" : "--categorical \(name), or --ignore \(name)"
    if commaNumberCount > 0, numberCount + commaNumberCount == presentCount {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected numbers as 1234.5, with a decimal point and nothing between thousands, got "
          + "'\(text.text)'; write them so, or say \(remedy)", location: location)
    }
    if unitNumberCount > 0, differentCount > Self.fewValues,
      numberCount + commaNumberCount + unitNumberCount == presentCount
    {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected numbers as 1234.5, without a unit, got '\(text.text)'; write them so and the unit "
          + "into the column's name, or say \(remedy)", location: location)
    }
    if isMostlyNumbers && differentCount > Self.fewValues || isNumbersAndFewTexts {
      throw MoultError(
        .badData,
        "line \(text.line): \(name): expected a number, as \(numberCount) of the column's values are, got '\(text.text)'; mend it, "
          + "write NA where a value is missing, or say \(remedy)", location: location)
    }
  }
}
