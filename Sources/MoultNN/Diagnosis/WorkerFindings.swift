import MoultCore

extension Examination {
  /// Layers of which two workers draw the same masks for rows of their batches.
  func workerFindings(_ workers: [WorkerMasks]) -> [Finding] {
    guard workers.count > 1 else { return [] }
    let masks = workers.map { worker in
      withSeed(worker.seed) {
        Self.masks(
          of: trained(firstSample: worker.firstSample, sampleStride: worker.sampleStride).trace.draws,
          rows: batch.shape[0])
      }
    }
    return found.stochasticLayers.compactMap { name, layer in
      let drawn = masks.map { $0[ObjectIdentifier(layer.stochasticState)] ?? [] }
      for first in drawn.indices {
        for second in drawn.indices.dropFirst(first + 1) {
          let shared = drawn[first].intersection(drawn[second]).count
          guard shared > 0 else { continue }
          return Finding(
            severity: .error, kind: .equalMasksOnWorkers, layer: name,
            what: "workers \(first) and \(second) draw the same masks for \(shared) of \(drawn[first].count) rows",
            figures: [
              "first_worker": Double(first), "second_worker": Double(second), "shared": Double(shared),
              "rows": Double(drawn[first].count),
            ],
            advice: "give each worker samples of its own: withStep(t, firstSample: worker, sampleStride: workers)")
        }
      }
      return nil
    }
  }

  /// What decides one row of a mask: by the mask law, equal bits for equal values.
  private struct Row: Hashable {
    let keys: [UInt32]
    let step: UInt32
    let sample: UInt64
  }

  private static func masks(of draws: [ForwardTrace.Draw], rows: Int) -> [ObjectIdentifier: Set<Row>] {
    var masks: [ObjectIdentifier: Set<Row>] = [:]
    for draw in draws {
      guard let layer = draw.layer else { continue }
      let use = draw.use
      for row in 0..<rows {
        masks[ObjectIdentifier(layer), default: []].insert(
          Row(
            keys: [use.stream.key0, use.stream.key1], step: use.step,
            sample: use.firstSample + use.sampleStride * UInt64(row)))
      }
    }
    return masks
  }
}
