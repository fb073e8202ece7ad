import MoultCore

extension Examination {
  /// Findings with the fraction of units that each layer kept in training mode, compared with its rate.
  ///
  /// All mask units are counted, whatever a unit is: an element, a channel, a sample of a branch, a weight, a whole
  /// layer or the position of a block. Layers that draw noise or have a rate of 1 draw no masks and give no finding.
  var keepRateFindings: [Finding] {
    found.stochasticLayers.compactMap { name, layer in
      guard let rated = layer as? any RatedLayer else { return nil }
      var (kept, units, expected, variance) = (0, 0, 0.0, 0.0)
      for mask in uses.masks(of: layer) {
        let rate = rated.expectedRate(of: mask), found = mask.keptUnits
        kept += found.count
        units += found.units
        expected += Double(found.units) * (1 - rate)
        variance += Double(found.units) * rate * (1 - rate)
      }
      guard variance > 0 else { return nil }
      let z = (Double(kept) - expected) / variance.squareRoot()
      // At a very small rate a difference of a few units makes z large, which is no evidence.
      let isOff = abs(z) > Self.greatestZ && abs(Double(kept) - expected) > Self.fewUnits
      let share = Double(kept) / Double(units), expectedShare = expected / Double(units)
      return Finding(
        severity: isOff ? .error : .note, kind: .keepRate, layer: name,
        what: "keeps \(share.text(5)) of its units where the rate says \(expectedShare.text(5)) (z \(z.text(2)) over "
          + "\(units) units)",
        values: ["rate": 1 - expectedShare, "kept": share, "z": z, "units": Double(units)],
        advice: isOff ? "look at how it draws: a rate is the probability of dropping, not of keeping" : "")
    }
  }

  /// The absolute z-score above which the finding is an error. Chance exceeds it once in 1.7 million findings.
  private static let greatestZ = 5.0
  /// The difference between kept and expected units up to which the finding is a note, whatever z is.
  private static let fewUnits = 10.0
}
