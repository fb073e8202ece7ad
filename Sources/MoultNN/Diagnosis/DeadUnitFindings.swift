import MoultCore

extension Examination {
  /// The fraction of dead units from which the finding is a warning instead of a note.
  private static let manyDeadUnits = 0.1

  /// Findings for ReLU units that are positive for no sample of the batch.
  ///
  /// A unit is a feature of `[N, D]` or `[N, T, D]`, over all time steps, or a channel of `[N, C, H, W]` or
  /// `[N, C, D, H, W]`, over all positions. A ReLU that is called several times gives a finding for each call.
  var deadUnitFindings: [Finding] {
    let operations = evaluated().trace.operations
    return operations.filter { $0.name == "relu" && !$0.isCustom }.map(\.result).enumerated().compactMap {
      index, result in
      guard result.rank >= 2, result.count > 0 else { return nil }
      let axis = result.rank < 4 ? result.rank - 1 : 1
      let units = result.shape[axis], places = result.shape.dropFirst(axis + 1).reduce(1, *)
      var isAlive = [Bool](repeating: false, count: units)
      for (position, value) in result.detached().scalars(as: Float.self).enumerated() where value > 0 || value.isNaN {
        isAlive[position / places % units] = true
      }
      let dead = isAlive.count { !$0 }
      guard dead > 0 else { return nil }
      let fraction = Double(dead) / Double(units), samples = result.shape[0]
      let path = path(nearest: result.node)
      return Finding(
        severity: dead == units ? .error : fraction >= Self.manyDeadUnits ? .warning : .note, kind: .deadUnits,
        layer: path ?? "",
        what: "\(dead) of \(units) units are never positive after "
          + (path == nil ? "ReLU \(index) " : "the ReLU ") + "in \(samples) samples, and so learn nothing",
        values: ["dead": Double(dead), "units": Double(units), "share": fraction, "samples": Double(samples)],
        advice: "lower the learning rate, or start with smaller biases; over few samples this may be chance")
    }
  }
}
