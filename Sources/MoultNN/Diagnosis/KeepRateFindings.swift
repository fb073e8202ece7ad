import MoultCore

extension Examination {
  /// The share of units that each layer keeps when it is fed with ones, against its rate.
  var keepRateFindings: [Finding] {
    found.stochasticLayers.compactMap { name, layer in
      guard let rated = layer as? any CountableDropout, rated.dropsUnitsAlone, rated.rate > 0, rated.rate < 1,
        let module = layer as? any Module<Tensor, Tensor>,
        !Discovery(of: layer).modes.contains(where: { $0.isFrozen })
      else { return nil }
      let kept = keptShare(of: module)
      let expected = 1 - rated.rate
      let deviation = (expected * rated.rate / Double(KeepProbe.units)).squareRoot()
      let z = (kept - expected) / deviation
      // Of a very small rate single units decide, and those are no news.
      let isOff = abs(z) > KeepProbe.greatestZ && abs(kept - expected) * Double(KeepProbe.units) > KeepProbe.fewUnits
      return Finding(
        severity: isOff ? .error : .note, kind: .keepRate, layer: name,
        what: "keeps \(kept.text(5)) of its units where the rate says \(expected.text(5)) (z \(z.text(2)) over "
          + "\(KeepProbe.units) units)",
        figures: ["rate": rated.rate, "kept": kept, "z": z, "units": Double(KeepProbe.units)],
        advice: isOff ? "look at how it draws: a rate is the probability of dropping, not of keeping" : "")
    }
  }

  private func keptShare(of layer: any Module<Tensor, Tensor>) -> Double {
    ModeScope.$innermost.withValue(ModeScope(.training, for: Discovery(of: layer).modes)) {
      withGradients(false) {
        withStep(0) {
          let values = layer(Tensor.ones([KeepProbe.rows, KeepProbe.columns])).scalars(as: Float.self)
          let (low, high) = (values.min() ?? 0, values.max() ?? 0)
          // One value only: all were kept, unless all are 0.
          let kept = low == high ? (high == 0 ? 0 : values.count) : values.reduce(0) { $0 + ($1 == high ? 1 : 0) }
          return Double(kept) / Double(KeepProbe.units)
        }
      }
    }
  }
}

private enum KeepProbe {
  static let rows = 128
  static let columns = 2048
  /// 2^18: a rate that is wrong by 0.005 is five standard deviations away.
  static let units = rows * columns
  /// Beyond, chance is no explanation: once in 1.7 million looks.
  static let greatestZ = 5.0
  /// So few units are no evidence, whatever z says.
  static let fewUnits = 10.0
}
