/// The reason why a layer's rate is probably a mistake.
struct RateWarning {
  let severity: Finding.Severity
  let what: String
  let advice: String

  /// A rate of 0 or 1 that is probably a mistake.
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

/// A layer for which rates of 0 and 1 mean something else than for `Dropout`.
protocol RateWarningLayer: RatedLayer {
  /// The reason why `rate` is probably a mistake for this layer; nil if it is none.
  func rateWarning(at rate: Double) -> RateWarning?
}

extension Cutout: RateWarningLayer {
  /// A rate of 1 is no mistake: it cuts every image, as the paper does, and is the default.
  func rateWarning(at rate: Double) -> RateWarning? { RateWarning(at: rate, zero: "it cuts no image", one: nil) }
}

extension DropPath: RateWarningLayer {
  /// A rate of 0 is no mistake: it is that of a plain residual block, or the first of rates that grow with depth.
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
  /// The reason why the layer's rate is probably a mistake: by its own rule, or by the one for dropout of units.
  var rateWarning: RateWarning? {
    if let layer = self as? any RateWarningLayer { return layer.rateWarning(at: rate) }
    return RateWarning(
      at: rate, zero: "it drops nothing", one: "it lets nothing through, and nothing before it learns")
  }
}
