import MoultCore

extension Examination {
  /// Findings for layers that draw the same masks on two workers for some rows of their batches.
  ///
  /// By the mask law equal seeds and samples give equal masks, so only seeds and samples are compared. Layers whose
  /// masks are shared by all samples, or by groups of samples, draw the same masks on all workers on purpose; they give
  /// no finding if the workers have no sample in common.
  ///
  /// - Complexity: O(*workers*²) comparisons, for any batch size.
  func workerFindings(_ workers: [WorkerMasks]) -> [Finding] {
    guard let (first, second, shared, rows) = firstPairWithEqualMasks(workers) else { return [] }
    return found.stochasticLayers.compactMap { name, layer in
      guard uses.hasDrawn(layer) else { return nil }
      return Finding(
        severity: .error, kind: .equalMasksOnWorkers, layer: name,
        what: "workers \(first) and \(second) draw the same masks for \(shared) of \(rows) rows",
        values: [
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
