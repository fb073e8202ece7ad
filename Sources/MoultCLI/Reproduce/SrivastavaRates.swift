/// The study of the test error as a function of the keep probability, with a fixed number of units and with a fixed
/// expected number of kept units.
///
/// There is no dropout on inputs, as in the paper.
///
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), figure 9.
enum SrivastavaRates {
  private static let epochs = 50
  /// The sizes of the hidden layers in the series with a fixed number of units.
  private static let units = [2048, 2048, 2048]
  /// The expected numbers of kept units in the series with a fixed number of kept units.
  private static let retainedUnits = [256, 256, 512]

  static let lines =
    (1...10).map { tenths in line("units-fixed", tenths: tenths, units) }
    + (1...10).map { tenths in line("kept-units-fixed", tenths: tenths, retainedUnits.map { $0 * 10 / tenths }) }

  /// Creates the row for a keep probability of `tenths` / 10.
  private static func line(_ series: String, tenths: Int, _ sizes: [Int]) -> ClassifierLine {
    // Dividing by 10 gives exactly the rate that is written with one decimal.
    let rate = Double(10 - tenths) / 10
    return ClassifierLine(
      "\(series)-keep-\(Double(tenths) / 10)",
      ClassifierRecipe(
        hiddenSizes: sizes, dropping: rate > 0 ? .units(rate) : .nothing, inputRate: 0, length: .epochs(epochs)))
  }
}
