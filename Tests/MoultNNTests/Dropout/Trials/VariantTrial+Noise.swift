import MoultCore
import MoultNN
import MoultPlatform

/// The variants that multiply or add noise, of a given strength or a learned one.
extension VariantTrial {
  static let ofNoise: [String: VariantTrial] = [
    "gaussian-dropout": VariantTrial(
      make: { rate, _ in GaussianDropout(rate) }, shape: [6, 40], atRateOne: .refused("got 1.0"),
      label: "GaussianDropout", moments: { (1, $0 / (1 - $0)) }),
    "gaussian-noise": VariantTrial(
      make: { rate, _ in GaussianNoise(rate) }, shape: [6, 40], isDiagonal: false, atRateOne: .finite,
      label: "GaussianNoise", moments: { (1, $0 * $0) }),
    "concrete": VariantTrial(
      make: { rate, _ in ConcreteDropout(rate) }, shape: [6, 40], atRateOne: .refused("got 1.0"),
      label: "ConcreteDropout", moments: { relaxedMoments($0) }),
    "variational-dropout": VariantTrial(
      make: { rate, _ in VariationalDropout(rate) }, shape: [6, 40], atRateOne: .refused("got 1.0"),
      label: "VariationalDropout", moments: { (1, $0 / (1 - $0)) }),
  ]

  /// Moments for an input of ones: the mean over u of ``ConcreteDropout``'s formula, by the midpoint rule.
  private static func relaxedMoments(_ rate: Double) -> Moments {
    let points = 100_000, odds = rate / (1 - rate), temperature = 0.1
    var (mean, square) = (0.0, 0.0)
    for point in 0..<points {
      let u = (Double(point) + 0.5) / Double(points)
      let y = (1 + odds) / (1 + exp((log(odds) + log(u) - log(1 - u)) / temperature))
      mean += y / Double(points)
      square += y * y / Double(points)
    }
    return (mean, square - mean * mean)
  }
}
