import MoultCore

/// `(number - mean) / deviation` in 32 bits; nil for NaN and beyond ``TableEncoding/greatestMagnitude``.
package func standardizedValue(_ number: Double, mean: Double, deviation: Double) -> Float? {
  let scaled = (number - mean) / deviation
  // False for NaN too.
  return scaled.magnitude <= TableEncoding.greatestMagnitude ? Float(scaled) : nil
}

/// The same for a number of a table.
///
/// - Throws: `.badData` with line, column and number beyond ``TableEncoding/greatestMagnitude``.
func standardized(
  _ number: Double, mean: Double, deviation: Double, column: String, line: Int, location: String
) throws(MoultError) -> Float {
  guard let scaled = standardizedValue(number, mean: mean, deviation: deviation) else {
    throw MoultError(
      .badData,
      "line \(line): \(column): expected a number of the column's scale (mean \(mean), standard deviation \(deviation)), "
        + "got \(number), more than 10^6 deviations away; mend it, or leave the column or the row out",
      location: location)
  }
  return scaled
}
