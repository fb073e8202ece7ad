import MoultCore

extension Examination {
  /// The share of units that each layer kept in training mode, against its rate.
  ///
  /// The units of its masks are counted, whatever they stand for: elements, channels, samples of a branch, weights,
  /// whole layers, middles of blocks. Layers that draw noise have no masks, and at a rate of 1 none is drawn.
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
      // At a very small rate single units decide, which is no evidence.
      let isOff = abs(z) > Self.greatestZ && abs(Double(kept) - expected) > Self.fewUnits
      let share = Double(kept) / Double(units), expectedShare = expected / Double(units)
      return Finding(
        severity: isOff ? .error : .note, kind: .keepRate, layer: name,
        what: "keeps \(share.text(5)) of its units where the rate says \(expectedShare.text(5)) (z \(z.text(2)) over "
          + "\(units) units)",
        figures: ["rate": 1 - expectedShare, "kept": share, "z": z, "units": Double(units)],
        advice: isOff ? "look at how it draws: a rate is the probability of dropping, not of keeping" : "")
    }
  }

  /// The z-score above which chance is no explanation: it is exceeded by chance once in 1.7 million looks.
  private static let greatestZ = 5.0
  /// The difference in units up to which there is no evidence, whatever z is.
  private static let fewUnits = 10.0
}
