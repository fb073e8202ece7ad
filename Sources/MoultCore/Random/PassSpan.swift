import Synchronization

/// Several passes of sampling that run as one tall batch: row `p · n + i` is row `i` under the masks of pass `first + p`.
///
/// Layers that draw their masks for all passes at once take a use apart with ``MaskUse/onEachPass(_:_:)``. One that asks
/// for *the* step of its use, or has other rows than a multiple of the passes, cannot run this way: it says so here, and
/// whoever began makes one pass after the other instead.
package final class PassSpan: Sendable {
  /// How many passes.
  let count: Int
  /// The rows of the input in each.
  private let rows: Int
  private let brokenUp = Atomic<Bool>(false)

  init(count: Int, rows: Int) { (self.count, self.rows) = (count, rows) }

  /// Whether a layer could not draw for several passes at once, so that results are worth nothing.
  var isBrokenUp: Bool { brokenUp.load(ordering: .relaxed) }

  /// Takes note that a layer could not.
  func breakUp() { brokenUp.store(true, ordering: .relaxed) }

  /// How many of `rows` each pass has; nil, and a note, if they are not so many for each row of the input.
  func rowsOfEach(_ rows: Int) -> Int? {
    guard rows % (count * self.rows) == 0 else {
      breakUp()
      return nil
    }
    return rows / count
  }
}

extension MaskUse {
  /// `body` for the rows of each pass with the use that draws its masks, and the results as one tall batch again; without
  /// passes, `body` for all of `x`.
  ///
  /// - Parameter x: rows along axis 0. If they are the same in every pass, only one copy is ever looked at.
  package func onEachPass(_ x: Tensor, _ body: (Tensor, MaskUse) -> Tensor) -> Tensor {
    guard let passes else { return body(x, self) }
    guard x.rank > 0, let rows = passes.rowsOfEach(x.shape[0]) else { return body(x, pass(0)) }
    let distinct = x.distinctRows(repeatedTimes: passes.count)
    return concatenate(
      (0..<passes.count).map { number in
        body(distinct ?? x[number * rows..<(number + 1) * rows], pass(number))
      }, axis: 0)
  }
}

/// Runs `body` on a tall batch of several passes, each row under the masks of its pass.
///
/// - Parameters:
///   - passes: the passes' numbers, which are the steps of their masks; at least one.
///   - rows: the rows of the input in each pass; at least one.
///   - firstSample: the sample that the first row of each pass stands for.
///   - sampleStride: by how much samples of neighbouring rows differ; 0 for the masks of one sample for all.
/// - Returns: What `body` returns, or nil if a layer in it cannot draw for several passes at once, or somebody listens to
///   masks: then the passes must run one by one.
package func withPasses<R>(
  _ passes: Range<Int>, rows: Int, firstSample: Int, sampleStride: Int, _ body: () throws -> R
) rethrows -> R? {
  guard MaskScope.current == nil, ForwardTrace.current == nil else { return nil }
  let span = PassSpan(count: passes.count, rows: rows)
  let scope = StepScope(
    step: passes.lowerBound, firstSample: firstSample, sampleStride: sampleStride, passes: span)
  _ = checkedLawIndex(passes.upperBound - 1, "withPasses", "step")
  let result = try StepScope.$current.withValue(scope, operation: body)
  return span.isBrokenUp ? nil : result
}
