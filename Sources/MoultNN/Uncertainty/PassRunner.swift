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
/// Whether a function takes a tall batch for what it is, nobody can know: it may drop a matrix of weights that happens to
/// have as many rows. So the first batch's last pass is made once more alone, and unless it has the same bits, all passes
/// are.
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
  /// Whether to try tall batches at all.
  var together = true

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
    let numbers = RepeatedNumbers()
    let wantedHeight = together && count > 0 ? min(passes, passesAtOnce, rowsAtOnce) : 1
    var isTall = wantedHeight > 1, isChecked = false
    var start = 0
    repeat {
      let height = isTall ? wantedHeight : 1
      let rows = start..<min(start + max(1, rowsAtOnce / height), count)
      let part = rows == 0..<count ? x : x[rows]
      consumer.begin(rows: rows)
      var pass = 0
      while pass < passes && !consumer.isSatisfied {
        let next = pass..<min(pass + (isTall ? height : 1), passes)
        if isTall {
          let output = try tall(part, next, start, numbers, function)
          guard let output,
            try isChecked || agrees(output, next, with: { try single(part, $0, start, numbers, function) })
          else {
            isTall = false
            continue
          }
          isChecked = true
          consumer.add(output, passes: next.count)
        } else {
          consumer.add(try single(part, pass, start, numbers, function), passes: 1)
        }
        pass = next.upperBound
      }
      consumer.end()
      start = rows.upperBound
    } while start < count
  }

  private var sampleStride: Int { masks == .perRow ? 1 : 0 }

  private func firstSample(ofRow row: Int) -> Int { masks == .perRow ? firstSample + row : 0 }

  /// Several passes at once; nil if that cannot be.
  private func tall(
    _ x: Tensor, _ passes: Range<Int>, _ row: Int, _ numbers: RepeatedNumbers, _ function: (Tensor) throws -> Tensor
  ) rethrows -> Tensor? {
    let rows = x.shape[0] * passes.count
    let output = try withPasses(
      passes, rows: x.shape[0], firstSample: firstSample(ofRow: row), sampleStride: sampleStride, numbers: numbers
    ) {
      try function(x.repeatedRows(passes.count))
    }
    guard let output, output.rank > 0, output.shape[0] == rows else { return nil }
    return output
  }

  /// Whether the last pass of a tall batch has the bits that it has `alone`.
  private func agrees(
    _ output: Tensor, _ passes: Range<Int>, with alone: (_ pass: Int) throws -> Tensor
  ) rethrows -> Bool {
    let rows = output.shape[0] / passes.count
    return try output[output.shape[0] - rows..<output.shape[0]].hasBits(of: alone(passes.upperBound - 1))
  }

  private func single(
    _ x: Tensor, _ pass: Int, _ row: Int, _ numbers: RepeatedNumbers, _ function: (Tensor) throws -> Tensor
  ) rethrows -> Tensor {
    let output = try withPasses(
      pass..<pass + 1, rows: x.shape[0], firstSample: firstSample(ofRow: row), sampleStride: sampleStride,
      numbers: numbers
    ) {
      try function(x)
    }
    guard let output else { fatalError("predict: a single pass was broken up") }
    require(
      output.rank > 0 && output.shape[0] == x.shape[0],
      "predict: expected an output with a row for each of the \(x.shape[0]) rows of x: \(x.shape), got \(output.shape)")
    return output
  }
}
