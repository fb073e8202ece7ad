import CMoultKernels

/// Dropout of a tall batch, several passes at once: what ``MaskSharing/onBatchFirst(_:batchAxis:use:_:)`` does pass by pass,
/// in one piece of work and without copies. The same bits.
///
/// - Parameter scale: What kept values are multiplied by.
/// - Returns: nil where that way is the only one.
func droppedInPasses(
  _ x: Tensor, rate: Double, scale: Float, use: MaskUse, batchAxis: Int, sharing: MaskSharing
) -> Tensor? {
  guard let passes = use.passes, sharing == .elementwise, batchAxis == 0, x.rank > 1, x.dtype == .float32,
    !x.requiresGradient, let rows = passes.rowsOfEach(x.shape[0])
  else { return nil }
  // One copy for all passes where they are the same so far.
  let distinct = x.distinctRows(repeatedTimes: passes.count), source = (distinct ?? x).contiguous()
  let units = x.shape.dropFirst().reduce(1, *), result = Storage(count: x.count, dtype: .float32)
  let masks = (0..<passes.count).map { DropMask(use.pass($0, rows: rows), rate: rate, rows: rows, units: units) }
  let from = source.pointer(as: Float.self), to = result.pointer(as: Float.self)
  parallelFor(x.shape[0], elements: units) { range in
    var row = range.lowerBound
    while row < range.upperBound {
      let (pass, first) = row.quotientAndRemainder(dividingBy: rows)
      let count = min(rows - first, range.upperBound - row)
      var law = masks[pass].law(from: first)
      mk_dropout_f32(
        &law, count, units, from + (distinct == nil ? row : first) * units, scale, to + row * units, false)
      row += count
    }
  }
  return Tensor(storage: result, shape: x.shape)
}
