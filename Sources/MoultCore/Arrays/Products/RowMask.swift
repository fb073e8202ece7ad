import CMoultKernels

/// How the rows of a matrix lie in the mask law: the step, sample and first unit of each row.
///
/// With `q = r mod passRows`, row `r` has the step of the mask plus `r / passRows`, the sample number
/// `i = (q / sampleRows) mod samples` and as its first unit `firstUnit + ((q / placeRows) mod places) · placeUnits`.
struct RowMask: Sendable {
  let mask: MaskSpec
  /// Rows of one Monte Carlo pass.
  var passRows: Int
  /// Consecutive rows of one sample, and how many samples there are.
  var sampleRows = 1, samples: Int
  /// Consecutive rows of one place within a sample, and how many places there are.
  var placeRows = 1, places = 1
  /// Units of a place.
  var placeUnits = 0
  var firstUnit = 0

  /// The mask of elements of shape `[N, ..., D]`, each a unit of its own; one row for each index but the last.
  init(_ mask: MaskSpec, shape: [Int]) {
    let places = shape.dropFirst().dropLast().reduce(1, *)
    self.mask = mask
    passRows = Swift.max(shape[0] * places, 1)
    samples = Swift.max(shape[0], 1)
    if places > 1 {
      (sampleRows, self.places) = (places, places)
      placeUnits = shape[shape.count - 1]
    }
  }

  /// The rows from `firstRow` on, as kernels take them.
  func kernelForm(firstRow: Int) -> mk_row_mask {
    mk_row_mask(
      mask: mask.kernelForm, first_row: firstRow, pass_rows: passRows, sample_rows: sampleRows, samples: samples,
      place_rows: placeRows,
      places: places, place_units: UInt64(placeUnits), first_unit: UInt64(firstUnit), group: 1, kept_samples: nil)
  }
}

extension RowMask {
  /// Dropout of a contiguous Float32 matrix.
  func drop(_ x: NDArray, scale: Float, into result: UnsafeMutablePointer<Float>) {
    x.drop(mask, scale: scale, into: result)
  }
}
