import Synchronization

/// Several passes of sampling that run as one tall batch: row `p · n + i` is row `i` under the masks of pass `first + p`.
///
/// What draws masks takes a use apart with ``MaskUse/parts(ofRows:)``. What asks for *the* step of its use, or has other rows
/// than a multiple of the passes, cannot run this way: it says so here, and whoever began makes one pass after the other
/// instead. A single pass is a span too, which nothing can break up.
package final class PassSpan: Sendable {
  /// How many passes.
  let count: Int
  /// The rows of the input in each; 1 if there are none.
  let rows: Int
  /// Whether all rows of the input have the masks of one sample.
  let sharesSamples: Bool
  let numbers: NumberedRun
  /// Draws whose tensors are known to have no rows of the input.
  private let fixedDraws: Set<Draw>
  private let rowsOfDraws = Mutex<[Draw: Int]>([:])
  private let brokenUp = Atomic<Bool>(false)

  /// One of the draws of a use. The same one in every pass, whatever else these skip.
  package struct Draw: Hashable, Sendable {
    let layer, call: UInt32
    /// Its number among those of the use.
    var number = 0
  }

  init(count: Int, rows: Int, sharesSamples: Bool, numbers: NumberedRun, fixedDraws: Set<Draw>) {
    (self.count, self.rows, self.sharesSamples) = (count, max(rows, 1), sharesSamples)
    (self.numbers, self.fixedDraws) = (numbers, fixedDraws)
  }

  /// Whether a layer could not draw for several passes at once, so that results are worth nothing.
  var isBrokenUp: Bool { count > 1 && brokenUp.load(ordering: .relaxed) }

  /// The rows that each draw was for.
  var seen: [Draw: Int] { rowsOfDraws.withLock { $0 } }

  /// Takes note that a layer could not.
  func breakUp() { brokenUp.store(true, ordering: .relaxed) }

  /// How many rows of a tensor there are for each row of the input, the passes apart; nil if there are none, as in a
  /// matrix of weights, which breaks up several passes. To be asked once for each draw.
  func samplesOfRow(_ total: Int, _ stream: RandomStream) -> Int? {
    let draw = rowsOfDraws.withLock { seen in
      var draw = Draw(layer: stream.layer, call: stream.call)
      while seen[draw] != nil { draw.number += 1 }
      seen[draw] = total
      return draw
    }
    guard total % (count * rows) == 0, !fixedDraws.contains(draw) else {
      breakUp()
      return nil
    }
    return total / (count * rows)
  }
}

/// Rows of a tensor that one use draws masks for.
struct MaskPart {
  /// In the tensor, and counted from its pass's first row.
  let rows, rowsInPass: Range<Int>
  let use: MaskUse
}

extension MaskUse {
  /// The parts of a tensor that are drawn for one by one, of equal heights: the rows of each pass, or those of each row of the
  /// input if all of these have the same masks. nil if it has no rows of the input; then ``alone`` draws.
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

  /// `body` for the rows of each part with the use that draws its masks, and the results as one tall batch again; outside of
  /// passes, `body` for all of `x`.
  ///
  /// - Parameter x: rows along axis 0. If they are the same in every pass, only one copy is ever looked at.
  package func onEachPass(_ x: Tensor, _ body: (Tensor, MaskUse) -> Tensor) -> Tensor {
    guard let passes else { return body(x, self) }
    guard x.rank > 0, let parts = parts(ofRows: x.shape[0]) else { return body(x, alone) }
    guard parts.count > 1 else { return body(x, parts[0].use) }
    let distinct = x.values.repetition.flatMap { $0.times == passes.count ? Tensor($0.base) : nil }
    return concatenate(
      parts.map { part in
        guard let distinct else { return body(x[part.rows], part.use) }
        return body(part.rowsInPass.count == distinct.shape[0] ? distinct : distinct[part.rowsInPass], part.use)
      }, axis: 0)
  }
}

/// What running a function under the masks of some passes gave.
package struct PassResult<Value> {
  /// What it returned. For more than one pass nil if a layer in it cannot draw for several at once.
  package let value: Value?
  /// The rows of the tensors that it drew masks for.
  package let rowsOfDraws: [PassSpan.Draw: Int]
}

/// Runs `body` on a tall batch of several passes, each row under the masks of its pass.
///
/// Where a layer gets several rows for each row of the input, as places of a sequence, its samples are counted in such
/// rows too: they are the same ones wherever the batch begins.
///
/// - Parameters:
///   - passes: the passes' numbers, which are the steps of their masks; at least one.
///   - rows: the rows of the input in each pass.
///   - firstSample: the sample that the first row of each pass stands for.
///   - sampleStride: by how much samples of neighbouring rows differ; 0 for the masks of one sample for all.
///   - numbers: those of uses that nobody numbered.
///   - fixedDraws: those whose tensors have no rows of the input, even if their number fits.
/// - Returns: What `body` returned. Where somebody listens to masks (``masksAreHeard()``) only single passes are heard right.
package func withPasses<R>(
  _ passes: Range<Int>, rows: Int, firstSample: Int, sampleStride: Int, numbers: RepeatedNumbers,
  fixedDraws: Set<PassSpan.Draw> = [], _ body: () throws -> R
) rethrows -> PassResult<R> {
  let span = PassSpan(
    count: passes.count, rows: rows, sharesSamples: sampleStride == 0, numbers: NumberedRun(numbers),
    fixedDraws: fixedDraws)
  let scope = StepScope(
    step: passes.lowerBound, firstSample: firstSample, sampleStride: sampleStride, passes: span)
  _ = checkedLawIndex(passes.upperBound - 1, "withPasses", "step")
  let value = try StepScope.$current.withValue(scope, operation: body)
  return PassResult(value: span.isBrokenUp ? nil : value, rowsOfDraws: span.seen)
}

/// Whether somebody records, replays or traces the masks that are drawn.
package func masksAreHeard() -> Bool { MaskScope.current != nil || ForwardTrace.current != nil }

/// Runs `body` so that nobody hears of its masks.
package func withMasksUnheard<R>(_ body: () throws -> R) rethrows -> R {
  try MaskScope.$current.withValue(nil) { try ForwardTrace.$current.withValue(nil, operation: body) }
}
