extension Examination {
  /// Findings for layers with a rate of 0 or 1 that is probably a mistake.
  ///
  /// A rate of 0 is reported only if the rate was never set after the layer was made: schedules begin or end at 0 on
  /// purpose.
  var rateFindings: [Finding] {
    found.rated.compactMap { name, layer in
      let rate = layer.rate
      guard let warning = layer.rateWarning else { return nil }
      if rate == 0, layer.dropoutState.rateWasSet { return nil }
      return Finding(
        severity: warning.severity, kind: .extremeRate, layer: name,
        what: "has rate \(Int(rate)): \(warning.what)", values: ["rate": rate], advice: warning.advice)
    }
  }
}
