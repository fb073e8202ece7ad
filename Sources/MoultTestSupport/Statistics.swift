/// Returns the difference between `successes` and its expected value in `trials` independent trials of probability
/// `probability`, in standard deviations.
public func zScore(successes: Int, trials: Int, probability: Double) -> Double {
  let expected = Double(trials) * probability
  return (Double(successes) - expected) / (expected * (1 - probability)).squareRoot()
}

/// Returns the sample correlation of two sequences of 0 and 1, in its standard deviations for independent sequences
/// whose elements are 1 with probability `probability`.
///
/// With *n* pairs, a true correlation ρ changes the score by ρ √n. At n = 2^20, ρ = 0.008 gives |z| > 5 with
/// probability 0.999.
public func correlationScore(_ a: [UInt8], _ b: [UInt8], probability: Double) -> Double {
  let sum = zip(a, b).reduce(0) { $0 + (Double($1.0) - probability) * (Double($1.1) - probability) }
  return sum / (probability * (1 - probability) * Double(a.count).squareRoot())
}
