/// Mean and variance in one pass, without the cancellation that sums of squares have.
///
/// - Source: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products".
struct RunningMoments {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// `√(Σ (x - mean)² / n)`, 0 for no value.
  var deviation: Double { count > 0 ? (squares / Double(count)).squareRoot() : 0 }
}
