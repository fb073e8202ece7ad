import CMoultKernels

/// The mask of a matrix that has several rows for each sample, such as one for each position of a sequence. It
/// determines the sample and the first unit of each row (Documentation/MaskLaw.md).
struct RowMask: Sendable {
  /// The mask, with one row for each sample.
  let mask: MaskSpec
  private let samples, places, unitsOfPlace: Int

  /// Makes the mask of an array of shape `[N, ..., D]`, where each element is a unit of its own. The rows of the matrix
  /// are the rows of length `D`.
  init(_ mask: MaskSpec, shape: [Int]) {
    self.mask = mask
    samples = shape[0]
    places = shape.dropFirst().dropLast().reduce(1, *)
    unitsOfPlace = shape[shape.count - 1]
  }

  /// Returns the mask in the form that the C kernels take, for the rows from `firstRow` on.
  func kernelForm(firstRow: Int) -> mk_row_mask {
    mk_row_mask(
      mask: mask.kernelForm, first_row: firstRow, pass_rows: max(samples * places, 1), sample_rows: max(places, 1),
      samples: max(samples, 1), place_rows: 1, places: max(places, 1), place_units: UInt64(unitsOfPlace), first_unit: 0,
      group: 1, kept_samples: nil)
  }
}

extension RowMask {
  /// Writes the dropout of `x`, a contiguous Float32 matrix, to `result`; kept units are multiplied by `scale`.
  func drop(_ x: NDArray, scale: Float, into result: UnsafeMutablePointer<Float>) {
    x.drop(mask, scale: scale, into: result)
  }
}
