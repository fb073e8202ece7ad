import Synchronization

/// Several passes of sampling that run as one tall batch: row `p · n + i` is row `i` under the masks of pass `first + p`.
///
/// Layers that draw their masks for all passes at once take a use apart with ``MaskUse/onEachPass(_:_:)``. One that asks
/// for *the* step of its use, or has other rows than a multiple of the passes, cannot run this way: it says so here, and
/// whoever began makes one pass after the other instead. A single pass is a span too, which nothing can break up.
package final class PassSpan: Sendable {
  /// How many passes.
  let count: Int
  /// The rows of the input in each; 1 if there are none.
  let rows: Int
  private let numbers: RepeatedNumbers
  private let unnumberedUses = Atomic<Int>(0)
  private let brokenUp = Atomic<Bool>(false)

  init(count: Int, rows: Int, numbers: RepeatedNumbers) {
    (self.count, self.rows, self.numbers) = (count, max(rows, 1), numbers)
  }

  /// Whether a layer could not draw for several passes at once, so that results are worth nothing.
  var isBrokenUp: Bool { count > 1 && brokenUp.load(ordering: .relaxed) }

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

  /// The number of the next functional use that has no stream.
  func nextNumber(in seeds: SeedScope) -> UInt32 {
    numbers[unnumberedUses.wrappingAdd(1, ordering: .relaxed).oldValue, seeds]
  }
}

/// The numbers of functional uses without a stream, in a function that is run again and again: the first has the same in
/// each run, and so on.
package final class RepeatedNumbers: Sendable {
  private let taken = Mutex<[UInt32]>([])

  package init() {}

  /// The number of use `place` of a run; new ones come from `seeds`.
  subscript(place: Int, seeds: SeedScope) -> UInt32 {
    taken.withLock { taken in
      while taken.count <= place { taken.append(seeds.nextUnnumberedLayer()) }
      return taken[place]
    }
  }
}

extension MaskUse {
  /// `body` for the rows of each pass with the use that draws its masks, and the results as one tall batch again; without
  /// passes, `body` for all of `x`.
  ///
  /// - Parameter x: rows along axis 0. If they are the same in every pass, only one copy is ever looked at.
  package func onEachPass(_ x: Tensor, _ body: (Tensor, MaskUse) -> Tensor) -> Tensor {
    guard let passes else { return body(x, self) }
    guard x.rank > 0, let rows = passes.rowsOfEach(x.shape[0]) else { return body(x, alone) }
    guard passes.count > 1 else { return body(x, pass(0, rows: rows)) }
    let distinct = x.distinctRows(repeatedTimes: passes.count)
    return concatenate(
      (0..<passes.count).map { number in
        body(distinct ?? x[number * rows..<(number + 1) * rows], pass(number, rows: rows))
      }, axis: 0)
  }
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
///   - numbers: those of functional uses without a stream.
/// - Returns: What `body` returns. For more than one pass nil if a layer in it cannot draw for several at once, or
///   somebody listens to masks: then the passes must run one by one.
package func withPasses<R>(
  _ passes: Range<Int>, rows: Int, firstSample: Int, sampleStride: Int, numbers: RepeatedNumbers,
  _ body: () throws -> R
) rethrows -> R? {
  guard passes.count == 1 || (MaskScope.current == nil && ForwardTrace.current == nil) else { return nil }
  let span = PassSpan(count: passes.count, rows: rows, numbers: numbers)
  let scope = StepScope(
    step: passes.lowerBound, firstSample: firstSample, sampleStride: sampleStride, passes: span)
  _ = checkedLawIndex(passes.upperBound - 1, "withPasses", "step")
  let result = try StepScope.$current.withValue(scope, operation: body)
  return span.isBrokenUp ? nil : result
}
