import Synchronization

/// Several Monte Carlo passes that run as one pass-major batch: row `p · n + i` is row `i` under the masks of pass
/// `first + p`.
///
/// A layer splits its call by passes with ``MaskUse/parts(ofRows:)``. A layer that reads *the* step of its call, or
/// whose rows are no multiple of the passes, cannot run this way: it calls ``fallBackToLoop()``, and the passes run one
/// after the other instead. A span of one pass never needs the loop.
package final class PassSpan: Sendable {
  /// How many passes.
  let count: Int
  /// The rows of the input in each; 1 if there are none.
  let rows: Int
  /// Whether all rows of the input have the masks of one sample.
  let sharesSamples: Bool
  let numbers: NumberedRun
  /// Draws for tensors that have no rows of the input, such as weights.
  private let drawsWithoutRows: Set<Draw>
  private let rowsOfDraws = Mutex<[Draw: Int]>([:])
  private let loopIsNeeded = Atomic<Bool>(false)

  /// One of the draws of a call; the same in every pass, also if a pass skips other layers.
  package struct Draw: Hashable, Sendable {
    let layer, call: UInt32
    /// Its number among those of the call.
    var number = 0
  }

  init(count: Int, rows: Int, sharesSamples: Bool, numbers: NumberedRun, drawsWithoutRows: Set<Draw>) {
    (self.count, self.rows, self.sharesSamples) = (count, max(rows, 1), sharesSamples)
    (self.numbers, self.drawsWithoutRows) = (numbers, drawsWithoutRows)
  }

  /// Whether a layer could not draw for several passes at once: the results are then to be discarded.
  var needsLoop: Bool { count > 1 && loopIsNeeded.load(ordering: .relaxed) }

  /// The rows that each draw was for.
  var seen: [Draw: Int] { rowsOfDraws.withLock { $0 } }

  /// Marks the results as invalid, so that the passes run in a loop.
  func fallBackToLoop() { loopIsNeeded.store(true, ordering: .relaxed) }

  /// How many rows of a tensor there are for each row of the input, the passes apart; nil if there are none, as in a
  /// matrix of weights, for which several passes fall back to a loop. Called once for each draw.
  func samplesOfRow(_ total: Int, _ stream: RandomStream) -> Int? {
    let draw = rowsOfDraws.withLock { seen in
      var draw = Draw(layer: stream.layer, call: stream.call)
      while seen[draw] != nil { draw.number += 1 }
      seen[draw] = total
      return draw
    }
    guard total % (count * rows) == 0, !drawsWithoutRows.contains(draw) else {
      fallBackToLoop()
      return nil
    }
    return total / (count * rows)
  }
}

/// Rows of a tensor that one call draws masks for.
struct MaskPart {
  /// In the tensor, and counted from its pass's first row.
  let rows, rowsInPass: Range<Int>
  let use: MaskUse
}

extension MaskUse {
  /// The parts of a tensor that are drawn for one by one, of equal heights: the rows of each pass, or those of each row
  /// of the input if all of these have the same masks. nil if it has no rows of the input; then ``alone`` draws.
  ///
  /// - Parameter rows: the tensor's, of all passes. Asked once for each draw.
  func parts(ofRows rows: Int) -> [MaskPart]? {
    guard let passes, let samples = passes.samplesOfRow(rows, stream) else { return nil }
    let rowsOfPass = rows / passes.count
    return (0..<passes.count).flatMap { pass -> [MaskPart] in
      guard passes.sharesSamples, samples > 1, !isShared else {
        let first = pass * rowsOfPass
        return [
          MaskPart(
            rows: first..<first + rowsOfPass, rowsInPass: 0..<rowsOfPass,
            use: self.pass(pass, firstSample: firstSample * UInt64(samples), sampleStride: sampleStride))
        ]
      }
      let use = self.pass(pass, firstSample: 0, sampleStride: 1)
      return stride(from: 0, to: rowsOfPass, by: samples).map { start in
        let first = pass * rowsOfPass + start
        return MaskPart(rows: first..<first + samples, rowsInPass: start..<start + samples, use: use)
      }
    }
  }

  /// `body` for the rows of each part with the use that draws its masks, and the results as one pass-major batch again;
  /// outside of passes, `body` for all of `x`.
  ///
  /// - Parameter x: rows along axis 0. If they are the same in every pass, only one copy is ever looked at.
  package func onEachPass(_ x: Tensor, _ body: (Tensor, MaskUse) -> Tensor) -> Tensor {
    guard let passes else { return body(x, self) }
    guard x.rank > 0, let parts = parts(ofRows: x.shape[0]) else { return body(x, alone) }
    guard parts.count > 1 else { return body(x, parts[0].use) }
    // One copy has no history.
    let repetition = x.requiresGradient ? nil : x.values.repetition
    let distinct = repetition.flatMap { $0.times == passes.count ? Tensor($0.base) : nil }
    return concatenate(
      parts.map { part in
        guard let distinct else { return body(x[part.rows], part.use) }
        return body(part.rowsInPass.count == distinct.shape[0] ? distinct : distinct[part.rowsInPass], part.use)
      }, axis: 0)
  }
}

/// The result of a function under the masks of some passes.
package struct PassResult<Value> {
  /// What it returned. For more than one pass nil if a layer in it cannot draw for several at once.
  package let value: Value?
  /// The rows of the tensors that it drew masks for.
  package let rowsOfDraws: [PassSpan.Draw: Int]
}

/// Runs `body` on a pass-major batch of several passes, each row under the masks of its pass.
///
/// Where a layer gets several rows for each row of the input, as places of a sequence, its samples are counted in such
/// rows too: they are the same ones wherever the batch begins.
///
/// - Parameters:
///   - passes: the passes' numbers, which are the steps of their masks; at least one.
///   - rows: the rows of the input in each pass.
///   - firstSample: the sample that the first row of each pass stands for.
///   - sampleStride: by how much samples of neighbouring rows differ; 0 for the masks of one sample for all.
///   - numbers: the numbers of calls without a number of their own.
///   - drawsWithoutRows: those whose tensors have no rows of the input, even if their number fits.
/// - Returns: What `body` returned. Recordings and traces (``masksAreObserved()``) are right for single passes only.
package func withPasses<R>(
  _ passes: Range<Int>, rows: Int, firstSample: Int, sampleStride: Int, numbers: RepeatedNumbers,
  drawsWithoutRows: Set<PassSpan.Draw> = [], _ body: () throws -> R
) rethrows -> PassResult<R> {
  let span = PassSpan(
    count: passes.count, rows: rows, sharesSamples: sampleStride == 0, numbers: NumberedRun(numbers),
    drawsWithoutRows: drawsWithoutRows)
  let scope = StepScope(
    step: passes.lowerBound, firstSample: firstSample, sampleStride: sampleStride, passes: span)
  _ = checkedMaskIndex(passes.upperBound - 1, "withPasses", "step")
  let value = try RandomContext.$current.withValue(.with(scope), operation: body)
  return PassResult(value: span.needsLoop ? nil : value, rowsOfDraws: span.seen)
}

/// Whether a mask recording, replay or trace is active.
package func masksAreObserved() -> Bool { MaskScope.current != nil || ForwardTrace.current != nil }

/// Runs `body` without recording, replaying or tracing its masks.
package func withMasksUnobserved<R>(_ body: () throws -> R) rethrows -> R {
  try RandomContext.$current.withValue(.with(nil as MaskScope?)) {
    try ForwardTrace.$current.withValue(nil, operation: body)
  }
}
