import CMoultKernels

/// The mask of one call of a layer, over `rows` samples of `units` units. It holds no mask bits, only the values from
/// which they are computed (Documentation/MaskLaw.md).
package struct MaskSpec: Sendable {
  /// The values in the form that the C kernels take: those of row 0, and the stride from the sample of one row to that
  /// of the next.
  let kernelForm: mk_mask
  package let rows: Int
  package let units: Int

  /// Makes a mask from the values that determine its bits. The caller has checked their ranges
  /// (Documentation/MaskLaw.md).
  ///
  /// - Parameters:
  ///   - firstSample: The sample of row 0.
  ///   - sampleStride: The difference between the samples of neighbouring rows.
  ///   - threshold: The result of ``threshold(_:)`` for the dropout rate.
  init(
    key: (UInt32, UInt32), step: UInt32, firstSample: UInt32, sampleStride: UInt32, part: UInt32, threshold: UInt64,
    rows: Int, units: Int
  ) {
    kernelForm = mk_mask(
      k0: key.0, k1: key.1, step: step, sample: firstSample, stride: sampleStride, part: part, threshold: threshold)
    self.rows = rows
    self.units = units
  }

  /// Returns ⌊rate · 2^64⌋ for a rate in 0..<1: a unit is dropped if its 64 random bits are below this threshold. The
  /// product is exact, since 2^64 is a power of two.
  package static func threshold(_ rate: Double) -> UInt64 { UInt64(rate * 0x1p64) }

  /// Returns the mask in the form that the C kernels take, for the rows from `row` on.
  func kernelForm(from row: Int) -> mk_mask {
    var mask = kernelForm
    mask.sample = mask.sample &+ mask.stride &* UInt32(truncatingIfNeeded: row)
    return mask
  }

  /// Returns one byte for each unit, row by row: 1 if the unit is dropped, 0 if it is kept.
  package func bytes() -> [UInt8] { bytes(rows: rows) }

  private func bytes(rows: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: rows * units) { buffer, initialized in
      withUnsafePointer(to: kernelForm) { mk_drop_bytes($0, rows, units, buffer.baseAddress) }
      initialized = rows * units
    }
  }

  /// The active columns as one block of all rows. Empty unless all rows have the same mask and products over the active
  /// columns are faster.
  var activeBlocks: [ActiveBlock] {
    let rate = Double(kernelForm.threshold) * 0x1p-64
    guard kernelForm.stride == 0, ActiveBlock.pays(count: 1, rows: rows, rate: rate) else { return [] }
    return [ActiveBlock(rows: 0..<rows, columns: ActiveColumns(dropped: bytes(rows: 1)))]
  }
}

extension NDArray {
  /// Returns this array with kept units multiplied by `scale` and dropped units set to 0. Row `r` of the mask applies
  /// to index `r` of axis 0.
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

  /// The size of a result, in bytes, from which it is written directly to memory: a larger result does not stay in the
  /// caches until it is read.
  private static let streamedByteCount = 1 << 24

  /// Writes the dropout of this contiguous Float32 array to `result`; kept units are multiplied by `scale`.
  func drop(_ mask: MaskSpec, scale: Float, into result: UnsafeMutablePointer<Float>) {
    let isStreamed = count * DType.float32.byteCount >= Self.streamedByteCount
    drop(mask, scale, into: result) { mk_dropout_f32($0, $1, $2, $3, $4, $5, isStreamed) }
  }

  /// Writes the result of `kernel` for this contiguous array to `result`; threads split the rows of the mask.
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
  /// Returns the dropout of blocks of rows of this contiguous Float32 array, each block with its own mask.
  ///
  /// - Parameters:
  ///   - blocks: For each block of the result, its mask and the first of the rows of this array that it is computed
  ///     from. All masks have the same number of rows.
  ///   - scale: The factor of kept units, `1 / (1 - rate)`.
  ///   - shape: The shape of the result, with the rows of all blocks along axis 0.
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
