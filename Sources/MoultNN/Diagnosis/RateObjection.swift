/// What is wrong with a layer's rate.
struct RateObjection {
  let severity: Finding.Severity
  let what: String
  let advice: String

  /// A rate of 0 or 1 that does what nobody wants.
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
protocol RateObjecting: RatedLayer {
  /// What is wrong with `rate` for this layer; nil if nothing is.
  func objection(to rate: Double) -> RateObjection?
}

extension Cutout: RateObjecting {
  /// To cut every image is what its paper does, and the default.
  func objection(to rate: Double) -> RateObjection? { RateObjection(at: rate, zero: "it cuts no image", one: nil) }
}

extension DropPath: RateObjecting {
  /// At 0 it is a plain residual block's, or the first of rates that grow with depth.
  func objection(to rate: Double) -> RateObjection? {
    RateObjection(at: rate, zero: nil, one: "it drops its branch for every sample, which so never learns")
  }
}

extension LayerDrop: RateObjecting {
  func objection(to rate: Double) -> RateObjection? {
    RateObjection(
      at: rate, zero: "it never skips its layer", one: "it skips its layer in all of training, which so never learns")
  }
}

extension DropConnect: RateObjecting {
  func objection(to rate: Double) -> RateObjection? {
    RateObjection(
      at: rate, zero: "it drops nothing", one: "nothing but its bias is left in training, and its weights never learn")
  }
}

extension WeightDrop: RateObjecting {
  func objection(to rate: Double) -> RateObjection? {
    RateObjection(at: rate, zero: "it drops nothing", one: "no weight is left in training, and none ever learns")
  }
}

extension RatedLayer {
  /// What the layer says against its rate, or what holds for dropout of units.
  var objection: RateObjection? {
    if let layer = self as? any RateObjecting { return layer.objection(to: rate) }
    return RateObjection(
      at: rate, zero: "it drops nothing", one: "it lets nothing through, and nothing before it learns")
  }
}
