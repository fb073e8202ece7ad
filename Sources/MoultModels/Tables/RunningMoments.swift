/// Mean and variance in one pass, without the cancellation that sums of squares have.
///
/// - Source: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products".
package struct RunningMoments {
  /// The number of values.
  package private(set) var count = 0
  /// Their mean, 0 for no value.
  package private(set) var mean = 0.0
  private var squares = 0.0

  package init() {}

  /// Takes in a value.
  package mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// `√(Σ (x - mean)² / n)`, 0 for no value.
  package var deviation: Double { count > 0 ? (squares / Double(count)).squareRoot() : 0 }
}
