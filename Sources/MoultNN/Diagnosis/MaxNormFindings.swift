import MoultCore

extension Examination {
  /// The fraction of units at the norm limit from which there is a finding: the limit then sets the size of the
  /// weights, not the data.
  private static let saturatedFraction = 0.9
  /// The relative tolerance of the comparison with the limit: scaling Float32 weights to it rounds their norm.
  private static let rounding = 1e-4

  /// Findings for weights whose `MaxNorm` limits nearly all units: at least 90% have the largest allowed norm.
  var maxNormFindings: [Finding] {
    found.parameters.compactMap { name, parameter in
      guard let limit = (parameter.constraint as? MaxNorm)?.limit, parameter.shape.count >= 2, parameter.count > 0
      else {
        return nil
      }
      let units = parameter.shape[0], size = parameter.count / units
      let weights = parameter.value.detached().scalars(as: Double.self)
      let limited = (0..<units).count { unit in
        let squares = weights[unit * size..<(unit + 1) * size].reduce(0) { $0 + $1 * $1 }
        return squares.squareRoot() >= limit * (1 - Self.rounding)
      }
      let fraction = Double(limited) / Double(units)
      guard fraction >= Self.saturatedFraction else { return nil }
      return Finding(
        severity: .warning, kind: .saturatedMaxNorm,
        layer: name.split(separator: ".").dropLast().joined(separator: "."),
        what: "\(limited) of \(units) units are at the limit \(limit) of their norm",
        values: ["limited": Double(limited), "units": Double(units), "share": fraction, "limit": limit],
        advice: "raise the limit, or lower the learning rate")
    }
  }
}
