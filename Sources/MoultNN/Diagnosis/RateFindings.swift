extension Examination {
  /// Layers with a rate of 0 or 1 that does what nobody wants.
  ///
  /// A rate of 0 counts only if the layer was made with it: schedules begin or end there on purpose. A layer of somebody
  /// else's, which keeps its rate in a place of its own, does not say, and gets a note.
  var rateFindings: [Finding] {
    found.rated.compactMap { name, layer in
      let rate = layer.rate
      guard let objection = layer.objection else { return nil }
      let cell = ownProperties(of: layer, as: RateCell.self).first
      if rate == 0, cell?.wasSet == true { return nil }
      return Finding(
        severity: rate == 0 && cell == nil ? .note : objection.severity, kind: .extremeRate, layer: name,
        what: "has rate \(Int(rate)): \(objection.what)", figures: ["rate": rate], advice: objection.advice)
    }
  }
}
