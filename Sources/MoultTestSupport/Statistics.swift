/// How many standard deviations `successes` lies from what `trials` independent trials of `probability` give.
public func zScore(successes: Int, trials: Int, probability: Double) -> Double {
  let expected = Double(trials) * probability
  return (Double(successes) - expected) / (expected * (1 - probability)).squareRoot()
}

/// How many standard deviations the correlation of two sequences of 0 and 1 lies from that of independent ones, each 1
/// with `probability`.
///
/// With *n* pairs, a true correlation ρ moves the score by ρ √n: at n = 2^20, ρ = 0.008 is found (|z| > 5) with
/// probability 0.999.
public func correlationScore(_ a: [UInt8], _ b: [UInt8], probability: Double) -> Double {
  let sum = zip(a, b).reduce(0) { $0 + (Double($1.0) - probability) * (Double($1.1) - probability) }
  return sum / (probability * (1 - probability) * Double(a.count).squareRoot())
}
