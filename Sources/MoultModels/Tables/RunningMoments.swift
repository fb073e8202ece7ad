/// Computes mean and standard deviation in one pass, without the cancellation of a sum of squares.
///
/// - Source: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products".
package struct RunningMoments {
  /// The number of added values.
  package private(set) var count = 0
  /// The mean of the added values; 0 if there are none.
  package private(set) var mean = 0.0
  private var squares = 0.0

  package init() {}

  /// Adds a value.
  package mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// The population standard deviation `√(Σ (x - mean)² / n)`; 0 if there are no values.
  package var deviation: Double { count > 0 ? (squares / Double(count)).squareRoot() : 0 }
}
