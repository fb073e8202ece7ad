import MoultCore

extension Examination {
  /// Layers with batch statistics that come after dropout.
  ///
  /// Dropout changes the variance of what it lets through in training and not in evaluation, so that the statistics that
  /// were gathered are wrong when they are used.
  ///
  /// Source: [Li et al. 2018](https://arxiv.org/abs/1801.05134).
  var orderFindings: [Finding] {
    guard found.objects.contains(where: { $0.object is any BatchStatisticsLayer }) else { return [] }
    let (output, trace) = trained()
    let nodes = output.node?.history.map(\.id).sorted() ?? []
    var reported: Set<ObjectIdentifier> = []
    return trace.normalizations.compactMap { use in
      let history = Set(use.input.node?.history.map(\.id) ?? [])
      // The first node made after a draw is the one that its masks act on.
      let draw = trace.draws.last { draw in nodes.first { $0 > draw.lastNode }.map(history.contains) ?? false }
      guard let draw, reported.insert(ObjectIdentifier(use.layer)).inserted else { return nil }
      return Finding(
        severity: .warning, kind: .dropoutBeforeBatchNormalization,
        layer: found.objects.first { $0.object === use.layer }?.name ?? "",
        what:
          "takes statistics of what \(path(of: draw.layer) ?? "dropout") has dropped units of, which differ between "
          + "training and evaluation",
        figures: [:], advice: "drop after the last layer with batch statistics")
    }
  }
}
