import MoultCore

/// A consumer of the outputs of passes, for one range of rows after the other.
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
/// Where the rows of its batch are independent, passes run together, as *pass-major batches*: row `p · n + i` is row
/// `i` of the input under the masks of pass `p`. What comes before the first masks is the same in all passes and
/// computed once (`NDArray.repeatedRows`). Else one pass runs after the other. The results are the same bits either way,
/// and for any number of rows in a batch.
///
/// A declaration may be wrong, so the first batch is audited: one row of its last pass runs alone (see ``PassAudit``).
struct PassRunner {
  /// The number of passes.
  let passes: Int
  let masks: SampledMasks
  /// The sample that row 0 stands for.
  let firstSample: Int
  /// Whether the function is declared to treat each row by itself, so that passes may run together.
  let rowsAreIndependent: Bool
  /// The most rows of a batch, all passes together.
  let rowsAtOnce: Int
  /// The most passes of a batch.
  let passesAtOnce: Int
  /// Layers and functional calls without a number have the same number in each pass.
  private let numbers = RepeatedNumbers()

  init(
    passes: Int, masks: SampledMasks, firstSample: Int, rowsAreIndependent: Bool, rowsAtOnce: Int, passesAtOnce: Int
  ) {
    (self.passes, self.masks, self.firstSample) = (passes, masks, firstSample)
    (self.rowsAreIndependent, self.rowsAtOnce, self.passesAtOnce) = (rowsAreIndependent, rowsAtOnce, passesAtOnce)
  }

  /// Numbers in the widest tensor of a batch that still leaves room in a second-level cache.
  private static let wantedElements = 1 << 20
  /// The limits of the rows of a batch: with fewer, products are slow, however wide; more rows gain nothing.
  private static let sensibleRows = 64...8_192

  /// The rows of a batch if the widest tensor has `width` numbers a row.
  static func rowsAtOnce(width: Int) -> Int {
    min(max(wantedElements / max(width, 1), sensibleRows.lowerBound), sensibleRows.upperBound)
  }

  func run<C: PassConsumer>(
    _ x: Tensor, into consumer: inout C, _ function: (Tensor) throws -> Tensor
  ) rethrows {
    let count = x.shape[0], x = x.detached()
    // A vector is one sample, whatever is drawn for it: it stays in one piece, and is no batch.
    let isBatch = x.rank > 1
    let height = isBatch && count > 0 ? min(passes, passesAtOnce, rowsAtOnce) : 1
    var runsTogether = rowsAreIndependent && height > 1 && !masksAreObserved()
    var audit: PassAudit?
    var start = 0
    repeat {
      let rowsOfBatch = isBatch ? max(1, rowsAtOnce / (runsTogether ? height : 1)) : max(count, 1)
      let rows = start..<min(start + rowsOfBatch, count)
      let part = rows == 0..<count ? x : x[rows]
      consumer.begin(rows: rows)
      var pass = 0
      while pass < passes && !consumer.isSatisfied {
        let batch = PassBatch(passes: pass..<(runsTogether ? min(pass + height, passes) : pass + 1), firstRow: start)
        let output: Tensor?
        if let audit {
          output = try run(batch, part, audit.drawsWithoutRows, function).value
        } else if runsTogether || needsAudit(part, of: count) {
          let first = try audited(batch, part, function)
          output = first.output
          audit = first.audit
        } else {
          output = try run(batch, part, [], function).value
          audit = PassAudit()
        }
        guard let output else {
          if runsTogether { PassAudit.warn() }
          runsTogether = false
          continue
        }
        require(
          output.rank > 0 && output.shape[0] == batch.passes.count * part.shape[0],
          "predict: expected an output with a row for each of the \(part.shape[0]) rows of x: \(part.shape), got "
            + "\(output.shape)")
        consumer.add(output, passes: batch.passes.count)
        pass = batch.passes.upperBound
      }
      consumer.end()
      start = rows.upperBound
    } while start < count
  }

  /// Whether a loop must know which draws have no rows of the input: their masks begin with sample 0 in every batch. In
  /// a single batch that begins there they do so anyway.
  private func needsAudit(_ part: Tensor, of count: Int) -> Bool {
    part.rank > 1 && part.shape[0] > 1 && (part.shape[0] < count || firstSample != 0 || masks == .perPass)
  }

  /// The output of the first batch, and its audit by one row of its last pass; no output where it cannot be used.
  private func audited(
    _ batch: PassBatch, _ x: Tensor, _ function: (Tensor) throws -> Tensor
  ) rethrows -> (output: Tensor?, audit: PassAudit?) {
    let last = x.shape[0] - 1
    let alone = PassBatch(
      passes: batch.passes.upperBound - 1..<batch.passes.upperBound, firstRow: batch.firstRow + last)
    let isObserved = masksAreObserved()
    return try withMasksUnobserved {
      let row = try run(alone, x[last..<last + 1], [], function)
      // A tensor that broadcasts against the row may not do so against the batch: that would stop the program.
      if batch.passes.count > 1, row.value.map({ $0.rank == 0 || $0.shape[0] != 1 }) ?? true { return (nil, nil) }
      let whole = try run(batch, x, [], function)
      let audit = PassAudit(row: row, batch: whole, rows: batch.passes.count * x.shape[0])
      // Where masks are recorded, the pass is made again for the record.
      return (audit.isPassed(together: batch.passes.count > 1) && !isObserved ? whole.value : nil, audit)
    }
  }

  /// Some passes over some rows. No value if several passes were asked for and something cannot be drawn for several.
  private func run(
    _ batch: PassBatch, _ x: Tensor, _ drawsWithoutRows: Set<PassSpan.Draw>, _ function: (Tensor) throws -> Tensor
  ) rethrows -> PassResult<Tensor> {
    let first = masks == .perRow ? firstSample + batch.firstRow : 0
    return try withPasses(
      batch.passes, rows: x.shape[0], firstSample: first, sampleStride: masks == .perRow ? 1 : 0, numbers: numbers,
      drawsWithoutRows: drawsWithoutRows
    ) {
      try function(batch.passes.count > 1 ? x.repeatedRows(batch.passes.count) : x)
    }
  }
}

/// The passes that run together, and the row of the input that they begin with.
private struct PassBatch {
  let passes: Range<Int>
  let firstRow: Int
}
