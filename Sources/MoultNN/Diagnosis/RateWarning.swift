/// The reason why a layer's rate is probably a mistake.
struct RateWarning {
  let severity: Finding.Severity
  let what: String
  let advice: String

  /// Makes the warning for a rate of 0 or 1; nil for other rates.
  ///
  /// - Parameters:
  ///   - rate: The rate, 0 to 1.
  ///   - zero: The effect of a rate of 0, a warning; nil if it is no mistake.
  ///   - one: The effect of a rate of 1, an error; nil if it is no mistake.
  init?(at rate: Double, zero: String?, one: String?) {
    switch rate {
    case 0:
      guard let zero else { return nil }
      (severity, what, advice) = (.warning, zero, "remove it if that is meant, else give a rate")
    case 1:
      guard let one else { return nil }
      (severity, what, advice) = (.error, one, "the rate is the probability of dropping; to keep all, use 0")
    default: return nil
    }
  }
}

/// A layer for which a rate of 0 or 1 has other effects than for `Dropout`.
protocol RateWarningLayer: RatedLayer {
  /// The reason why `rate` is probably a mistake for this layer; nil if it is no mistake.
  func rateWarning(at rate: Double) -> RateWarning?
}

extension Cutout: RateWarningLayer {
  /// A rate of 1 is no mistake: it is the default and cuts every image, as in the paper.
  func rateWarning(at rate: Double) -> RateWarning? { RateWarning(at: rate, zero: "it cuts no image", one: nil) }
}

extension DropPath: RateWarningLayer {
  /// A rate of 0 is no mistake: plain residual blocks have it, and so may the first block if rates grow with depth.
  func rateWarning(at rate: Double) -> RateWarning? {
    RateWarning(at: rate, zero: nil, one: "it drops its branch for every sample, which so never learns")
  }
}

extension LayerDrop: RateWarningLayer {
  func rateWarning(at rate: Double) -> RateWarning? {
    RateWarning(
      at: rate, zero: "it never skips its layer", one: "it skips its layer in all of training, which so never learns")
  }
}

extension DropConnect: RateWarningLayer {
  func rateWarning(at rate: Double) -> RateWarning? {
    RateWarning(
      at: rate, zero: "it drops nothing", one: "nothing but its bias is left in training, and its weights never learn")
  }
}

extension WeightDrop: RateWarningLayer {
  func rateWarning(at rate: Double) -> RateWarning? {
    RateWarning(at: rate, zero: "it drops nothing", one: "no weight is left in training, and none ever learns")
  }
}

extension RatedLayer {
  /// The reason why the layer's rate is probably a mistake, nil if it is none: by the layer's own rule, or by the rule
  /// for `Dropout`.
  var rateWarning: RateWarning? {
    if let layer = self as? any RateWarningLayer { return layer.rateWarning(at: rate) }
    return RateWarning(
      at: rate, zero: "it drops nothing", one: "it lets nothing through, and nothing before it learns")
  }
}
