import MoultCore

/// `(number - mean) / deviation` in 32 bits.
///
/// - Throws: `.badData` with line, column and number beyond `TableEncoding.greatestMagnitude`.
func standardized(
  _ number: Double, mean: Double, deviation: Double, column: String, line: Int, location: String
) throws(MoultError) -> Float {
  let scaled = (number - mean) / deviation
  // False for NaN too.
  guard scaled.magnitude <= TableEncoding.greatestMagnitude else {
    throw MoultError(
      .badData,
      "line \(line): \(column): expected a number of the column's scale (mean \(mean), standard deviation \(deviation)), "
        + "got \(number), more than 10^6 deviations away; mend it, or leave the column or the row out",
      location: location)
  }
  return Float(scaled)
}
