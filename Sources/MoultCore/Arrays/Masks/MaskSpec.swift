import CMoultKernels

/// The mask of one call of a layer over `rows` samples of `units` units: no bits, but all that they are a function of.
package struct MaskSpec: Sendable {
  /// The mask of row 0 and how samples go on from row to row, as kernels take it.
  let kernelForm: mk_mask
  package let rows: Int
  package let units: Int

  /// A mask of the law; see Documentation/MaskLaw.md for the ranges, which the caller has checked.
  init(
    key: (UInt32, UInt32), step: UInt32, firstSample: UInt32, sampleStride: UInt32, part: UInt32, threshold: UInt64,
    rows: Int, units: Int
  ) {
    kernelForm = mk_mask(
      k0: key.0, k1: key.1, step: step, sample: firstSample, stride: sampleStride, part: part, threshold: threshold)
    self.rows = rows
    self.units = units
  }

  /// ⌊rate · 2^64⌋ for a rate below 1: exact, since scaling by a power of two is.
  package static func threshold(_ rate: Double) -> UInt64 { UInt64(rate * 0x1p64) }

  /// The mask of the rows from `row` on.
  func kernelForm(from row: Int) -> mk_mask {
    var mask = kernelForm
    mask.sample = mask.sample &+ mask.stride &* UInt32(truncatingIfNeeded: row)
    return mask
  }

  /// 1 for each dropped unit, row by row.
  package func bytes() -> [UInt8] { bytes(rows: rows) }

  private func bytes(rows: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: rows * units) { buffer, initialized in
      withUnsafePointer(to: kernelForm) { mk_drop_bytes($0, rows, units, buffer.baseAddress) }
      initialized = rows * units
    }
  }

  /// The active columns, if they are the same in all rows and leaving the others out of a product pays.
  var activeBlocks: [ActiveBlock] {
    let rate = Double(kernelForm.threshold) * 0x1p-64
    guard kernelForm.stride == 0, ActiveBlock.pays(count: 1, rows: rows, rate: rate) else { return [] }
    return [ActiveBlock(rows: 0..<rows, columns: ActiveColumns(dropped: bytes(rows: 1)))]
  }
}

extension NDArray {
  /// Multiplies kept units by `scale` and sets the others to 0, one row of the mask for each index of axis 0.
  package func dropping(_ mask: MaskSpec, scale: Float) -> NDArray {
    let x = contiguous(), result = Storage(count: x.count, dtype: x.dtype)
    if x.dtype == .float32 {
      x.drop(mask, scale: scale, into: result.pointer(as: Float.self))
    } else {
      x.drop(mask, Double(scale), into: result.pointer(as: Double.self), mk_dropout_f64)
    }
    withExtendedLifetime(x) {}
    return NDArray(storage: result, shape: shape)
  }

  /// Results of this many bytes and more are written past the caches: they would not stay there until they are read.
  private static let streamedByteCount = 1 << 24

  /// Dropout of contiguous Float32 elements.
  func drop(_ mask: MaskSpec, scale: Float, into result: UnsafeMutablePointer<Float>) {
    let isStreamed = count * DType.float32.byteCount >= Self.streamedByteCount
    drop(mask, scale, into: result) { mk_dropout_f32($0, $1, $2, $3, $4, $5, isStreamed) }
  }

  /// `kernel` on contiguous elements, row by row of the mask.
  private func drop<S: TensorScalar>(
    _ mask: MaskSpec, _ scale: S, into result: UnsafeMutablePointer<S>,
    _ kernel: (UnsafePointer<mk_mask>?, Int, Int, UnsafePointer<S>?, S, UnsafeMutablePointer<S>?) -> Void
  ) {
    let x = pointer(as: S.self), units = mask.units
    parallelFor(mask.rows, elements: units) { rows in
      var part = mask.kernelForm(from: rows.lowerBound)
      let start = rows.lowerBound * units
      kernel(&part, rows.count, units, x + start, scale, result + start)
    }
  }
}

extension NDArray {
  /// Dropout in blocks of rows with a mask each: block `b` of the result is made from the rows from `firstRow` on of
  /// this contiguous Float32 array. All masks have the same number of rows.
  func dropping(_ blocks: [(mask: MaskSpec, firstRow: Int)], scale: Float, shape: [Int]) -> NDArray {
    let result = Storage(count: shape.reduce(1, *), dtype: .float32)
    let from = pointer(as: Float.self), to = result.pointer(as: Float.self)
    let height = blocks.first?.mask.rows ?? 0, units = blocks.first?.mask.units ?? 0
    parallelFor(height * blocks.count, elements: units) { range in
      var row = range.lowerBound
      while row < range.upperBound {
        let (block, first) = row.quotientAndRemainder(dividingBy: height)
        let count = min(height - first, range.upperBound - row)
        var part = blocks[block].mask.kernelForm(from: first)
        mk_dropout_f32(
          &part, count, units, from + (blocks[block].firstRow + first) * units, scale, to + row * units, false)
        row += count
      }
    }
    withExtendedLifetime(self) {}
    return NDArray(storage: result, shape: shape)
  }
}
