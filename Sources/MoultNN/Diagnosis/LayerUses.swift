import MoultCore

/// The draws of layers in training mode, over some passes.
struct LayerUses {
  private var drawn: Set<ObjectIdentifier> = []
  private var masks: [ObjectIdentifier: [RecordedMask]] = [:]

  /// Adds a pass.
  mutating func add(_ trace: ForwardTrace, _ record: MaskRecord) {
    drawn.formUnion(trace.draws.compactMap { $0.layer.map { ObjectIdentifier($0) } })
    for (layer, masks) in record.masksByUse {
      if let layer { self.masks[ObjectIdentifier(layer), default: []] += masks }
    }
  }

  /// Whether the layer drew at all.
  func hasDrawn(_ layer: any StochasticLayer) -> Bool { drawn.contains(ObjectIdentifier(layer.dropoutState.calls)) }

  /// The layer's masks; none for one that draws noise, or drops everything.
  func masks(of layer: any StochasticLayer) -> [RecordedMask] {
    masks[ObjectIdentifier(layer.dropoutState.calls)] ?? []
  }
}

extension RecordedMask {
  /// Samples that draw by themselves: all, or one if they share a mask.
  private var ownSamples: Int { use.sampleStride == 0 ? min(rows, 1) : rows }

  /// Units that are drawn by themselves; those that elements share are one already.
  var ownUnits: Int { ownSamples * units }

  /// The most units that are counted: enough for any z-score.
  private static let countedUnits = 1 << 22

  /// The number of units drawn by themselves that were kept, and of all such units; of large masks the first samples.
  var keptUnits: (count: Int, units: Int) {
    let samples = min(ownSamples, max(1, Self.countedUnits / max(units, 1)))
    let dropped = MaskSpec(use, rate: rate, rows: samples, units: units, part: part).bytes()
    return (dropped.count { $0 == 0 }, dropped.count)
  }
}
