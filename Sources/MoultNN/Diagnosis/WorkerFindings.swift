import MoultCore

extension Examination {
  /// Layers of which two workers draw the same masks for rows of their batches.
  ///
  /// By the mask law equal seeds and samples give equal masks, so that seeds and samples are all there is to compare.
  /// Layers whose masks all samples share, or groups of them, draw the same for all workers on purpose; where workers
  /// have no sample in common that is no finding.
  ///
  /// - Complexity: O(*workers*²) comparisons, whatever the batch.
  func workerFindings(_ workers: [WorkerMasks]) -> [Finding] {
    guard let (first, second, shared, rows) = firstPairWithEqualMasks(workers) else { return [] }
    return found.stochasticLayers.compactMap { name, layer in
      guard uses.hasDrawn(layer) else { return nil }
      return Finding(
        severity: .error, kind: .equalMasksOnWorkers, layer: name,
        what: "workers \(first) and \(second) draw the same masks for \(shared) of \(rows) rows",
        figures: [
          "first_worker": Double(first), "second_worker": Double(second), "shared": Double(shared),
          "rows": Double(rows),
        ],
        advice: "give each worker samples of its own: withStep(t, firstSample: worker, sampleStride: workers)")
    }
  }

  private func firstPairWithEqualMasks(
    _ workers: [WorkerMasks]
  ) -> (first: Int, second: Int, shared: Int, rows: Int)? {
    let samples = workers.map {
      SampleProgression(first: $0.firstSample, stride: $0.sampleStride, count: $0.rows ?? batch.shape[0])
    }
    for first in workers.indices {
      for second in workers.indices.dropFirst(first + 1) where workers[first].seed == workers[second].seed {
        let shared = samples[first].rowsShared(with: samples[second])
        if shared > 0 { return (first, second, shared, samples[first].count) }
      }
    }
    return nil
  }
}
