import CMoultKernels

/// Dropout of a tall batch, several passes at once: what ``MaskSharing/onBatchFirst(_:batchAxis:use:_:)`` does part by part,
/// in one piece of work and without copies. The same bits.
///
/// - Parameter scale: What kept values are multiplied by.
/// - Returns: nil where that way is the only one.
func droppedInPasses(
  _ x: Tensor, rate: Double, scale: Float, use: MaskUse, batchAxis: Int, sharing: MaskSharing
) -> Tensor? {
  guard let passes = use.passes, sharing == .elementwise, batchAxis == 0, x.rank > 1, x.dtype == .float32,
    !x.requiresGradient
  else { return nil }
  guard let parts = use.parts(ofRows: x.shape[0]) else { return dropout(x, rate: rate, use: use.alone) }
  // One copy for all passes where they are the same so far.
  let distinct = x.distinctRows(repeatedTimes: passes.count), source = (distinct ?? x).contiguous()
  let units = x.shape.dropFirst().reduce(1, *), result = Storage(count: x.count, dtype: .float32)
  let height = x.shape[0] / max(parts.count, 1)
  let masks = parts.map { DropMask($0.use, rate: rate, rows: height, units: units) }
  let from = source.pointer(as: Float.self), to = result.pointer(as: Float.self)
  parallelFor(x.shape[0], elements: units) { range in
    var row = range.lowerBound
    while row < range.upperBound {
      let (part, first) = row.quotientAndRemainder(dividingBy: height)
      let count = min(height - first, range.upperBound - row)
      let fromRow = distinct == nil ? row : parts[part].rowsInPass.lowerBound + first
      var law = masks[part].law(from: first)
      mk_dropout_f32(&law, count, units, from + fromRow * units, scale, to + row * units, false)
      row += count
    }
  }
  return Tensor(storage: result, shape: x.shape)
}
