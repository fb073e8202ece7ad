import MoultCore
import MoultPlatform

/// The number of standard deviations to either side of the mean that hold the fraction `level` of a normal
/// distribution.
package func standardDeviations(holding level: Double) -> Double {
  require((0..<1).contains(level), "interval: expected a level of 0 or more and less than 1, got \(level)")
  var (low, high) = (0.0, 40.0)
  // Solves erf(z / √2) = level: after 60 halvings the ends are neighbors in Double.
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if 1 - erfc(middle / 2.0.squareRoot()) < level { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
