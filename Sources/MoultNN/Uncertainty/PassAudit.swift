import MoultCore
import MoultPlatform

/// A check of a batch by its last row, which is run alone.
///
/// Layers declare that their draws belong to rows, and callers that rows are independent; either may be wrong: a
/// function may drop a matrix of weights with as many rows as the batch, subtract a mean over the batch, or draw
/// numbers of its own. Alone, the row must then draw for another number of rows, or give other bits.
package struct PassAudit {
  /// Draws whose tensors have no rows of the input, such as a matrix of weights.
  private(set) var drawsWithoutRows: Set<PassSpan.Draw> = []
  /// Whether any of them had a multiple of the batch's rows, and so was drawn as if it had rows of the input.
  private var hasMisreadDraws = false
  /// Whether the row has the same bits alone, and as many draws.
  private var isRowIndependent = true

  /// Makes the audit of a loop in which nothing needs a check.
  init() {}

  /// - Parameters:
  ///   - row: The result of the batch's last row in its last pass, alone.
  ///   - batch: The result of the batch.
  ///   - rows: The rows of the batch, all passes together.
  init(row: PassResult<Tensor>, batch: PassResult<Tensor>, rows: Int) {
    let fixed = batch.rowsOfDraws.filter { draw, drawn in row.rowsOfDraws[draw].map { drawn != rows * $0 } ?? false }
    drawsWithoutRows = Set(fixed.keys)
    hasMisreadDraws = fixed.values.contains { $0.isMultiple(of: rows) }
    guard let output = batch.value, let alone = row.value, output.rank > 0, output.shape[0] == rows else {
      isRowIndependent = false
      return
    }
    isRowIndependent =
      batch.rowsOfDraws.count == row.rowsOfDraws.count && output[rows - 1..<rows].hasBits(of: alone)
  }

  /// Whether the batch's output can be used: of several passes together if the row is independent of the others, of one
  /// pass if no draw was taken for one with rows of the input.
  func isPassed(together: Bool) -> Bool { together ? drawsWithoutRows.isEmpty && isRowIndependent : !hasMisreadDraws }

  /// Warns that passes run one after the other, though they were declared to run together.
  static func warn() {
    let warning =
      "warning: predict: the rows of a batch are not independent in this model: a row alone has another output or "
      + "other draws; the passes run one after the other, which is slower. Drop weights with WeightDrop, or declare "
      + "layers that draw for a call (DropoutState(draws: .perCall)): all rows of a matrix have the same numbers "
      + "there, so flatten a matrix of weights first, draws.dropout(w.reshaped([w.count])).reshaped(w.shape)"
    if let receive = LayerContext.current?.warnings { return receive(warning) }
    let line = Array((warning + "\n").utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }
}
