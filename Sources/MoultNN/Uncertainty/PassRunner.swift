import MoultCore

/// What becomes of the outputs of passes, for one stretch of rows after the other.
protocol PassConsumer {
  /// The passes of `rows` come next.
  mutating func begin(rows: Range<Int>)
  /// Takes the next `passes` passes over the rows: `output: [passes · rows, ...]`, pass after pass.
  mutating func add(_ output: Tensor, passes: Int)
  /// Whether the rows that are under way need no more passes.
  var isSatisfied: Bool { get }
  /// The rows that are under way are done.
  mutating func end()
}

/// Runs a function on all rows of an input again and again, each time with other masks.
///
/// Passes run as tall batches: a few rows, under the masks of many passes at once. What comes before the first masks is
/// the same for all of these and computed once (`DeferredRepeat`). Where a layer cannot draw for several passes at once, it
/// is one pass after the other. The results are the same bits either way, and for any height of the batches.
///
/// Nobody can see from a tensor whether its rows are those of a tall batch: it may be a matrix of weights with as many. So the
/// first batch's last pass is made once more alone. What draws for as many rows then has none of the input; if there is
/// such a thing, or a bit differs, or somebody listens to masks, all passes run one by one.
struct PassRunner {
  /// How many passes.
  let passes: Int
  let masks: SampledMasks
  /// The sample that row 0 stands for.
  let firstSample: Int
  /// The most rows of a batch, all passes together.
  let rowsAtOnce: Int
  /// The most passes of a batch.
  var passesAtOnce = Int.max

  /// Numbers in the widest tensor of a batch that still leaves room in a second-level cache.
  private static let wantedElements = 1 << 20
  /// Rows that make products worth their while, however wide; and a height from which nothing more is gained.
  private static let sensibleRows = 64...8_192

  /// How many rows to take at once if the widest tensor has `width` numbers a row.
  static func rowsAtOnce(width: Int) -> Int {
    min(max(wantedElements / max(width, 1), sensibleRows.lowerBound), sensibleRows.upperBound)
  }

  func run<C: PassConsumer>(
    _ x: Tensor, into consumer: inout C, _ function: (Tensor) throws -> Tensor
  ) rethrows {
    let count = x.shape[0], x = x.detached()
    // A vector is one sample, whatever is drawn for it: it stays in one piece.
    let rowsOfAll = x.rank > 1 ? 1 : max(count, 1)
    let wantedHeight = count > 0 ? min(passes, passesAtOnce, max(1, rowsAtOnce / rowsOfAll)) : 1
    var known = Known(), isTall = wantedHeight > 1, isChecked = false
    var start = 0
    repeat {
      let height = isTall ? wantedHeight : 1
      let rows = start..<min(start + max(rowsOfAll, rowsAtOnce / height), count)
      let part = rows == 0..<count ? x : x[rows]
      consumer.begin(rows: rows)
      var pass = 0
      while pass < passes && !consumer.isSatisfied {
        let next = pass..<min(pass + (isTall ? height : 1), passes)
        if isTall {
          let output: Tensor?
          if isChecked {
            output = try tall(part, next, start, known, function).value
          } else {
            isChecked = true
            output = try withMasksUnheard { try firstTall(part, next, start, &known, function) }
          }
          guard let output, !masksAreHeard() else {
            isTall = false
            continue
          }
          consumer.add(output, passes: next.count)
        } else {
          let output = try single(part, pass, start, known, function)
          require(
            output.value.rank > 0 && output.value.shape[0] == part.shape[0],
            "predict: expected an output with a row for each of the \(part.shape[0]) rows of x: \(part.shape), got "
              + "\(output.value.shape)")
          consumer.add(output.value, passes: 1)
        }
        pass = next.upperBound
      }
      consumer.end()
      start = rows.upperBound
    } while start < count
  }

  /// What is known of a function's uses of masks.
  private struct Known {
    let numbers = RepeatedNumbers()
    /// Draws whose tensors have no rows of the input.
    var fixedDraws: Set<PassSpan.Draw> = []
  }

  private var sampleStride: Int { masks == .perRow ? 1 : 0 }

  private func firstSample(ofRow row: Int) -> Int { masks == .perRow ? firstSample + row : 0 }

  /// Several passes at once.
  private func tall(
    _ x: Tensor, _ passes: Range<Int>, _ row: Int, _ known: Known, _ function: (Tensor) throws -> Tensor
  ) rethrows -> PassResult<Tensor> {
    try withPasses(
      passes, rows: x.shape[0], firstSample: firstSample(ofRow: row), sampleStride: sampleStride,
      numbers: known.numbers
    ) {
      try function(x.repeatedRows(passes.count))
    }
  }

  /// Several passes at once for the first time: makes the last of them once more alone. Each draw must be for so many times
  /// fewer rows there, and the output have the same bits; else the answer is nil. Takes note of what has no rows of the
  /// input.
  private func firstTall(
    _ x: Tensor, _ passes: Range<Int>, _ row: Int, _ known: inout Known, _ function: (Tensor) throws -> Tensor
  ) rethrows -> Tensor? {
    let count = passes.count
    let attempt = try tall(x, passes, row, known, function)
    let output = attempt.value.flatMap { $0.rank > 0 && $0.shape[0] == count * x.shape[0] ? $0 : nil }
    // Nothing to be learned then.
    if output == nil, attempt.rowsOfDraws.isEmpty { return nil }
    let alone = try single(x, passes.upperBound - 1, row, known, function)
    known.fixedDraws = Set(
      attempt.rowsOfDraws.filter { draw, rows in alone.rowsOfDraws[draw].map { rows != count * $0 } ?? false }.keys)
    guard let output, known.fixedDraws.isEmpty, attempt.rowsOfDraws.count == alone.rowsOfDraws.count,
      output[output.shape[0] - x.shape[0]..<output.shape[0]].hasBits(of: alone.value)
    else { return nil }
    return output
  }

  private func single(
    _ x: Tensor, _ pass: Int, _ row: Int, _ known: Known, _ function: (Tensor) throws -> Tensor
  ) rethrows -> (value: Tensor, rowsOfDraws: [PassSpan.Draw: Int]) {
    let result = try withPasses(
      pass..<pass + 1, rows: x.shape[0], firstSample: firstSample(ofRow: row), sampleStride: sampleStride,
      numbers: known.numbers, fixedDraws: known.fixedDraws
    ) {
      try function(x)
    }
    guard let value = result.value else { fatalError("predict: a single pass was broken up") }
    return (value, result.rowsOfDraws)
  }
}
