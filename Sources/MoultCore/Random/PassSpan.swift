import Synchronization

/// Several Monte Carlo passes that run as one pass-major batch: row `p · n + i` of the batch is row `i` of the input,
/// of `n` rows, with the masks of pass `first + p`.
///
/// A layer splits its call into passes with ``MaskUse/parts(ofRows:)``. A layer that reads the single step of its call,
/// or whose number of rows is not a multiple of the batch's rows, cannot run this way: ``fallBackToLoop()`` is called,
/// and the passes are computed again one after the other. A single pass never needs this loop.
package final class PassSpan: Sendable {
  /// The number of passes.
  let count: Int
  /// The number of rows of the input in each pass; 1 if there are none.
  let rows: Int
  /// Whether all rows of the input have the same masks, those of one sample.
  let sharesSamples: Bool
  /// The numbers of layers that have no number of their own.
  let numbers: NumberedRun
  /// The draws for tensors that have no rows of the input, such as weights.
  private let drawsWithoutRows: Set<Draw>
  private let rowsOfDraws = Mutex<[Draw: Int]>([:])
  private let loopIsNeeded = Atomic<Bool>(false)

  /// The identity of a draw within the run of a function. It is the same in every pass, even if a pass skips other
  /// layers.
  package struct Draw: Hashable, Sendable {
    let layer, call: UInt32
    /// The number of the draw among the draws of its call, from 0.
    var number = 0
  }

  init(count: Int, rows: Int, sharesSamples: Bool, numbers: NumberedRun, drawsWithoutRows: Set<Draw>) {
    (self.count, self.rows, self.sharesSamples) = (count, max(rows, 1), sharesSamples)
    (self.numbers, self.drawsWithoutRows) = (numbers, drawsWithoutRows)
  }

  /// Whether a layer could not draw for several passes at once; the results must then be discarded.
  var needsLoop: Bool { count > 1 && loopIsNeeded.load(ordering: .relaxed) }

  /// The number of rows of the tensor that each draw was for.
  var seen: [Draw: Int] { rowsOfDraws.withLock { $0 } }

  /// Marks the results of the batch as invalid, so that the passes run one after the other.
  func fallBackToLoop() { loopIsNeeded.store(true, ordering: .relaxed) }

  /// Returns how many rows of a tensor belong to each row of the input in a pass, such as the positions of a sequence.
  /// Must be called once for each draw.
  ///
  /// Returns nil if the tensor has no rows of the input, as a matrix of weights; several passes then fall back to a
  /// loop.
  ///
  /// - Parameters:
  ///   - total: The number of rows of the tensor, of all passes together.
  ///   - stream: The stream of the call that draws.
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

/// A part of a tensor's rows, for which masks are drawn with one key.
struct MaskPart {
  /// The rows in the tensor, and the same rows counted from the first row of their pass.
  let rows, rowsInPass: Range<Int>
  /// The key of the masks.
  let use: MaskUse
}

extension MaskUse {
  /// Returns the parts of a tensor's rows that need keys of their own, all of the same height: the rows of each pass
  /// or, if all rows of the input have the same masks, the rows of each row of the input. Nil if the tensor has no rows
  /// of the input; its key is then ``alone``.
  ///
  /// - Parameter rows: The number of rows of the tensor, of all passes together. This method must be called once for
  ///   each draw.
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

  /// Calls `body` for each part of the rows with the key of its masks, and returns the results as one pass-major batch.
  /// Outside of passes `body` is called once, with all of `x`.
  ///
  /// - Parameter x: A tensor with rows along axis 0. If its rows are known to repeat in every pass, only one copy is
  ///   read.
  package func onEachPass(_ x: Tensor, _ body: (Tensor, MaskUse) -> Tensor) -> Tensor {
    guard let passes else { return body(x, self) }
    guard x.rank > 0, let parts = parts(ofRows: x.shape[0]) else { return body(x, alone) }
    guard parts.count > 1 else { return body(x, parts[0].use) }
    // The single copy has no gradient history.
    let repetition = x.requiresGradient ? nil : x.values.repetition
    let distinct = repetition.flatMap { $0.times == passes.count ? Tensor($0.base) : nil }
    return concatenate(
      parts.map { part in
        guard let distinct else { return body(x[part.rows], part.use) }
        return body(part.rowsInPass.count == distinct.shape[0] ? distinct : distinct[part.rowsInPass], part.use)
      }, axis: 0)
  }
}

/// The result of a function that was run on a pass-major batch.
package struct PassResult<Value> {
  /// The value that the function returned; nil if several passes ran at once and a layer cannot draw for several
  /// passes.
  package let value: Value?
  /// The number of rows of the tensor that each draw was for.
  package let rowsOfDraws: [PassSpan.Draw: Int]
}

/// Runs `body` on a pass-major batch of several passes: each row has the masks of its pass.
///
/// If a layer has several rows for each row of the input, such as the positions of a sequence, its samples are counted
/// in its own rows. So its masks do not depend on how the input is split into batches.
///
/// - Parameters:
///   - passes: The numbers of the passes, which are the steps of their masks; at least one pass.
///   - rows: The number of rows of the input in each pass.
///   - firstSample: The index of the sample of the first row in each pass.
///   - sampleStride: The difference between the samples of neighbouring rows; 0 gives all rows the masks of one sample.
///   - numbers: The numbers of layers that have no number of their own.
///   - drawsWithoutRows: The draws for tensors that have no rows of the input, even if their number of rows is a
///     multiple of it.
/// - Returns: The result of `body`. Recordings and traces (``masksAreObserved()``) are correct for a single pass only.
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

/// Runs `body` with the task's recordings, replay and trace of masks turned off.
package func withMasksUnobserved<R>(_ body: () throws -> R) rethrows -> R {
  try RandomContext.$current.withValue(.with(nil as MaskScope?)) {
    try OperationContext.$current.withValue(.with(trace: nil), operation: body)
  }
}
