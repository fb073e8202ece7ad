import MoultCore

/// A consumer of the outputs of passes. It gets one range of rows at a time, with all passes of these rows.
protocol PassConsumer {
  /// Starts the range `rows`: the next outputs are passes over these rows.
  mutating func begin(rows: Range<Int>)
  /// Adds the outputs of the next `passes` passes over the current rows: `output: [passes · rows, ...]`, in pass-major
  /// order.
  mutating func add(_ output: Tensor, passes: Int)
  /// Whether the current rows need no more passes.
  var isSatisfied: Bool { get }
  /// Ends the current range of rows.
  mutating func end()
}

/// Runs a function many times on all rows of an input, each time with other masks.
///
/// If rows are declared independent, several passes run as one *pass-major batch*: row `p · n + i` is row `i` of the
/// input under the masks of pass `p`. Layers before the first masks give the same result in all passes, so they run
/// once (`NDArray.repeatedRows`). Otherwise the passes run one after the other. The results have the same bits in both
/// cases and for any batch size.
///
/// Since a declaration may be wrong, one row of the first batch's last pass is also run alone (see ``PassAudit``).
struct PassRunner {
  /// The maximum number of passes over each row.
  let passes: Int
  let masks: SampledMasks
  /// The sample index of row 0.
  let firstSample: Int
  /// Whether the function is declared to treat each row independently, so that several passes can run together.
  let rowsAreIndependent: Bool
  /// The maximum number of rows of a batch, over all passes.
  let rowsAtOnce: Int
  /// The maximum number of passes of a batch.
  let passesAtOnce: Int
  /// The numbers of layers without a number of their own; they are the same in every pass.
  private let numbers = RepeatedNumbers()

  init(
    passes: Int, masks: SampledMasks, firstSample: Int, rowsAreIndependent: Bool, rowsAtOnce: Int, passesAtOnce: Int
  ) {
    (self.passes, self.masks, self.firstSample) = (passes, masks, firstSample)
    (self.rowsAreIndependent, self.rowsAtOnce, self.passesAtOnce) = (rowsAreIndependent, rowsAtOnce, passesAtOnce)
  }

  /// The maximum number of elements of a batch's widest tensor, chosen so that it leaves room in the second-level
  /// cache.
  private static let wantedElements = 1 << 20
  /// The limits of the number of rows of a batch: below the lower one matrix products are slow, and above the upper one
  /// they get no faster.
  private static let sensibleRows = 64...8_192

  /// Returns the number of rows of a batch whose widest tensor has `width` elements per row.
  static func rowsAtOnce(width: Int) -> Int {
    min(max(wantedElements / max(width, 1), sensibleRows.lowerBound), sensibleRows.upperBound)
  }

  func run<C: PassConsumer>(
    _ x: Tensor, into consumer: inout C, _ function: (Tensor) throws -> Tensor
  ) rethrows {
    let count = x.shape[0], x = x.detached()
    // A vector is one sample, so it is not split into batches.
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

  /// Whether passes that run one after the other need the audit, to find the draws whose tensors have no rows of the
  /// input. The masks of these draws must begin with sample 0 in every batch. If a single batch holds all rows and
  /// begins with sample 0, they do so without the audit.
  private func needsAudit(_ part: Tensor, of count: Int) -> Bool {
    part.rank > 1 && part.shape[0] > 1 && (part.shape[0] < count || firstSample != 0 || masks == .perPass)
  }

  /// Runs the first batch and audits it with one row of its last pass. The output is nil if it cannot be used; the
  /// audit is nil if the batch was not run.
  private func audited(
    _ batch: PassBatch, _ x: Tensor, _ function: (Tensor) throws -> Tensor
  ) rethrows -> (output: Tensor?, audit: PassAudit?) {
    let last = x.shape[0] - 1
    let alone = PassBatch(
      passes: batch.passes.upperBound - 1..<batch.passes.upperBound, firstRow: batch.firstRow + last)
    let isObserved = masksAreObserved()
    return try withMasksUnobserved {
      let row = try run(alone, x[last..<last + 1], [], function)
      // For one row the function did not return one row. It may combine `x` with a tensor that broadcasts against one
      // row but not against the batch, which would stop the program, so the batch is not run.
      if batch.passes.count > 1, row.value.map({ $0.rank == 0 || $0.shape[0] != 1 }) ?? true { return (nil, nil) }
      let whole = try run(batch, x, [], function)
      let audit = PassAudit(row: row, batch: whole, rows: batch.passes.count * x.shape[0])
      // If masks are recorded, replayed or traced, the pass is run again for the record.
      return (audit.isPassed(together: batch.passes.count > 1) && !isObserved ? whole.value : nil, audit)
    }
  }

  /// Runs the passes of `batch` over its rows `x`. The value of the result is nil if several passes ran together and a
  /// layer in them cannot draw for several passes at once.
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

/// The passes that run together, and the index of the first input row of the batch.
private struct PassBatch {
  let passes: Range<Int>
  let firstRow: Int
}
