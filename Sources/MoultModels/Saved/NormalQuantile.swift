import MoultCore
import MoultPlatform

/// Returns the z for which the interval mean ± z · standard deviation holds the fraction `level` of a normal
/// distribution.
///
/// - Parameter level: The fraction, in 0..<1; 0.95 gives 1.96.
package func standardDeviations(holding level: Double) -> Double {
  require((0..<1).contains(level), "interval: expected a level of 0 or more and less than 1, got \(level)")
  var (low, high) = (0.0, 40.0)
  // Solves erf(z / √2) = level by bisection. 60 halvings of 0...40 leave an error below 10^-16.
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if 1 - erfc(middle / 2.0.squareRoot()) < level { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
