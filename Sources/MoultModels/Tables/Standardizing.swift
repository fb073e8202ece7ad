import MoultCore

/// Returns `(number - mean) / deviation` as `Float`; nil if it is NaN or its magnitude is above
/// ``TableEncoding/greatestMagnitude``.
package func standardizedValue(_ number: Double, mean: Double, deviation: Double) -> Float? {
  let scaled = (number - mean) / deviation
  // The comparison is false for NaN.
  return scaled.magnitude <= TableEncoding.greatestMagnitude ? Float(scaled) : nil
}

/// Returns `(number - mean) / deviation` as `Float` for a number in a table.
///
/// - Parameter row: The place of the number for messages, such as `line 3`.
/// - Throws: `.badData` with row, column and number if the magnitude is above ``TableEncoding/greatestMagnitude``.
func standardized(
  _ number: Double, mean: Double, deviation: Double, column: String, row: @autoclosure () -> String,
  location: String
) throws(MoultError) -> Float {
  guard let scaled = standardizedValue(number, mean: mean, deviation: deviation) else {
    throw MoultError(
      .badData,
      "\(row()): \(column): expected a number of the column's scale (mean \(mean), standard deviation \(deviation)), "
        + "got \(number), more than 10^6 deviations away; mend it, or leave the column or the row out",
      location: location)
  }
  return scaled
}
