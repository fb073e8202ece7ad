/// The test error for each probability of keeping a hidden unit, with a fixed number of units and with a fixed number
/// of kept ones.
///
/// Inputs are all kept, as in the paper.
///
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), figure 9.
enum SrivastavaRates {
  private static let epochs = 50
  /// Units of the hidden layers where their number is fixed.
  private static let units = [2048, 2048, 2048]
  /// Units that are kept in the hidden layers where that is fixed.
  private static let retainedUnits = [256, 256, 512]

  static let lines =
    (1...10).map { tenths in line("units-fixed", tenths: tenths, units) }
    + (1...10).map { tenths in line("kept-units-fixed", tenths: tenths, retainedUnits.map { $0 * 10 / tenths }) }

  /// - Parameter tenths: Of ten hidden units so many are kept.
  private static func line(_ series: String, tenths: Int, _ sizes: [Int]) -> ClassifierLine {
    // In tenths, so that the rate is the number that people write.
    let rate = Double(10 - tenths) / 10
    return ClassifierLine(
      "\(series)-keep-\(Double(tenths) / 10)",
      ClassifierRecipe(
        hiddenSizes: sizes, dropping: rate > 0 ? .units(rate) : .nothing, inputRate: 0, length: .epochs(epochs)))
  }
}
