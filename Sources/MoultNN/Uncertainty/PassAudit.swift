import MoultCore

/// A check of a batch of passes: its last row is also run alone, and the results are compared.
///
/// Layers declare that they draw for each row, and callers that rows are independent. Both can be wrong: a function may
/// drop a weight matrix with as many rows as the batch, subtract a mean over the batch, or draw random numbers itself.
/// If so, the row alone gives other bits, or draws for a number of rows that does not match.
package struct PassAudit {
  /// The draws for tensors that have no rows of the input, such as weight matrices.
  private(set) var drawsWithoutRows: Set<PassSpan.Draw> = []
  /// Whether a draw without rows of the input was drawn as if it had them: its number of rows is a multiple of the
  /// batch's.
  private var hasMisreadDraws = false
  /// Whether the row alone gives the same bits and makes the same number of draws as in the batch.
  private var isRowIndependent = true

  /// Makes the audit of passes that run one after the other and need no check.
  init() {}

  /// Compares the row with the batch.
  ///
  /// - Parameters:
  ///   - row: The result of running the last row of the batch alone, in the last pass of the batch.
  ///   - batch: The result of running the batch.
  ///   - rows: The number of rows of the batch, over all passes.
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

  /// Whether the output of the batch can be used. For several passes together, the row must be independent of the other
  /// rows and every draw must have rows of the input. For one pass, no draw may have been drawn with rows that it does
  /// not have.
  func isPassed(together: Bool) -> Bool { together ? drawsWithoutRows.isEmpty && isRowIndependent : !hasMisreadDraws }

  /// Writes the warning that passes run one after the other, although they were declared to run together.
  static func warn() {
    let warning =
      "predict: the rows of a batch are not independent in this model: a row alone has another output or "
      + "other draws; the passes run one after the other, which is slower. Drop weights with WeightDrop, or declare "
      + "layers that draw for a call (DropoutState(draws: .perCall)): all rows of a matrix have the same numbers "
      + "there, so flatten a matrix of weights first, draws.dropout(w.reshaped([w.count])).reshaped(w.shape)"
    if let receive = LayerContext.current?.warnings { receive("warning: " + warning) } else { writeWarning(warning) }
  }
}
