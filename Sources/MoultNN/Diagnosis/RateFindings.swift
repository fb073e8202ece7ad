extension Examination {
  /// Layers with a rate of 0 or 1.
  var rateFindings: [Finding] {
    found.rated.compactMap { name, layer in
      let rate = layer.rate
      guard rate == 0 || rate == 1 else { return nil }
      return Finding(
        severity: rate == 1 ? .error : .warning, kind: .extremeRate, layer: name,
        what: rate == 1
          ? "has rate 1: it lets nothing through, and nothing before it learns" : "has rate 0: it drops nothing",
        figures: ["rate": rate],
        advice: rate == 1
          ? "the rate is the probability of dropping; to keep all, use 0"
          : "remove it if that is meant, else give a rate")
    }
  }
}
