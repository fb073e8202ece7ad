/// Dropout of a tall batch, several passes at once: what ``MaskSharing/onBatchFirst(_:batchAxis:use:_:)`` does part by
/// part, in one piece of work and without copies. The same bits.
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
  let repetition = x.values.repetition.flatMap { $0.times == passes.count ? $0 : nil }
  let source = (repetition?.base ?? x.values).contiguous()
  let units = x.shape.dropFirst().reduce(1, *), height = x.shape[0] / max(parts.count, 1)
  let blocks = parts.map { part in
    (
      mask: MaskSpec(part.use, rate: rate, rows: height, units: units),
      firstRow: repetition == nil ? part.rows.lowerBound : part.rowsInPass.lowerBound
    )
  }
  return Tensor(source.dropping(blocks, scale: scale, shape: x.shape))
}
