import MoultCore

extension Examination {
  /// Layers with batch statistics that come after dropout of units.
  ///
  /// It changes the variance of what it lets through in training and not in evaluation, so that the statistics that were
  /// gathered are wrong when they are used. Which layers do is a `VarianceShiftingLayer`'s to say; of functional forms,
  /// `dropout` does.
  ///
  /// Source: [Li et al. 2018](https://arxiv.org/abs/1801.05134).
  var orderFindings: [Finding] {
    guard found.objects.contains(where: { $0.object is any BatchStatisticsLayer }) else { return [] }
    let (output, trace) = trained()
    let nodes = output.node?.history.sorted { $0.id < $1.id } ?? []
    var reported: Set<ObjectIdentifier> = []
    return trace.normalizations.compactMap { use in
      let history = Set(use.input.node?.history.map(\.id) ?? [])
      let draw = trace.draws.last { draw in
        // The first node made after a draw is the one that its masks act on.
        guard let node = nodes.first(where: { $0.id > draw.lastNode }) else { return false }
        let shiftsVariance = layer(of: draw.layer).map { $0.layer is any VarianceShiftingLayer }
        return history.contains(node.id) && shiftsVariance ?? ("\(node.operation)" == "dropout")
      }
      guard let draw, reported.insert(ObjectIdentifier(use.layer)).inserted else { return nil }
      return Finding(
        severity: .warning, kind: .dropoutBeforeBatchNormalization,
        layer: found.objects.first { $0.object === use.layer }?.name ?? "",
        what:
          "takes statistics of what \(layer(of: draw.layer)?.name ?? "dropout") changes at random in training only, so that "
          + "their variance is another in evaluation",
        figures: [:], advice: "drop after the last layer with batch statistics")
    }
  }
}
