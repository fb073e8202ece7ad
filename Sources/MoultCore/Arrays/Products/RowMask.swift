import CMoultKernels

/// The mask of a matrix whose rows are the places of samples, such as those of a sequence, place after place: the sample
/// and the first unit of each row in the mask law.
struct RowMask: Sendable {
  /// The mask, one row a sample.
  let mask: MaskSpec
  private let samples, places, unitsOfPlace: Int

  /// The mask of elements of shape `[N, ..., D]`, each a unit of its own; one row for each index but the last.
  init(_ mask: MaskSpec, shape: [Int]) {
    self.mask = mask
    samples = shape[0]
    places = shape.dropFirst().dropLast().reduce(1, *)
    unitsOfPlace = shape[shape.count - 1]
  }

  /// The rows from `firstRow` on, as kernels take them.
  func kernelForm(firstRow: Int) -> mk_row_mask {
    mk_row_mask(
      mask: mask.kernelForm, first_row: firstRow, pass_rows: max(samples * places, 1), sample_rows: max(places, 1),
      samples: max(samples, 1), place_rows: 1, places: max(places, 1), place_units: UInt64(unitsOfPlace), first_unit: 0,
      group: 1, kept_samples: nil)
  }
}

extension RowMask {
  /// Dropout of a contiguous Float32 matrix.
  func drop(_ x: NDArray, scale: Float, into result: UnsafeMutablePointer<Float>) {
    x.drop(mask, scale: scale, into: result)
  }
}
