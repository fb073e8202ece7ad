import MoultCore

/// The draws of stochastic layers in training mode, over some passes.
struct LayerUses {
  private var drawn: Set<ObjectIdentifier> = []
  private var masks: [ObjectIdentifier: [RecordedMask]] = [:]

  /// Adds the mask calls and masks of one pass.
  mutating func add(_ trace: ForwardTrace, _ record: MaskRecord) {
    drawn.formUnion(trace.draws.compactMap { $0.layer.map { ObjectIdentifier($0) } })
    for (layer, masks) in record.masksByUse {
      if let layer { self.masks[ObjectIdentifier(layer), default: []] += masks }
    }
  }

  /// Whether the layer drew random numbers in any of the passes.
  func hasDrawn(_ layer: any StochasticLayer) -> Bool { drawn.contains(ObjectIdentifier(layer.dropoutState.calls)) }

  /// Returns the masks that the layer drew; none if it draws noise, or drops everything at a rate of 1.
  func masks(of layer: any StochasticLayer) -> [RecordedMask] {
    masks[ObjectIdentifier(layer.dropoutState.calls)] ?? []
  }
}

extension RecordedMask {
  /// The number of samples with a mask of their own: all, or one if all samples share a mask.
  private var ownSamples: Int { use.sampleStride == 0 ? min(rows, 1) : rows }

  /// The number of units that are drawn independently. Elements that share a unit count once.
  var ownUnits: Int { ownSamples * units }

  /// The number of units of a mask beyond which no further samples are counted: enough for any z-score.
  private static let countedUnits = 1 << 22

  /// The number of independently drawn units that were kept (`count`), and of all that were counted (`units`). Of a
  /// large mask only the first samples are counted.
  var keptUnits: (count: Int, units: Int) {
    let samples = min(ownSamples, max(1, Self.countedUnits / max(units, 1)))
    let dropped = MaskSpec(use, rate: rate, rows: samples, units: units, part: part).bytes()
    return (dropped.count { $0 == 0 }, dropped.count)
  }
}
