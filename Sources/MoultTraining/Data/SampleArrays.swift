import MoultCore

/// Arrays of a file as the inputs and labels of samples.
enum SampleArrays {
  /// The largest class number that is accepted.
  static let greatestClass = Int64(TensorDataset.greatestClassCount - 1)

  /// Returns inputs `[N, ...]`: bytes as they are, other numbers as `float32`; a vector becomes `[N, 1]`.
  ///
  /// - Parameters:
  ///   - array: The rows.
  ///   - location: The name of the array in error messages.
  ///   - format: The beginning of error messages.
  ///   - firstRow: The number of the first row in the file.
  /// - Throws: An error of code `.badData` for a single number, no rows, or a float that is not finite.
  static func inputs(
    _ array: Tensor, _ location: String, format: String = "", firstRow: Int = 0
  ) throws(MoultError) -> Tensor {
    guard array.rank >= 1, array.count > 0 else {
      throw MoultError(.badData, "\(format)expected inputs [N, ...], got \(array.shape)", location: location)
    }
    let values = array.dtype == .uint8 ? array : try floats(array, location, format: format, firstRow: firstRow)
    return array.rank == 1 ? values.reshaped([array.count, 1]) : values
  }

  /// Returns labels: whole numbers and truth values as class numbers, `int32` `[N]`; floats as values, `float32`
  /// `[N, K]`.
  ///
  /// - Throws: An error of code `.badData` for no rows, a class number out of range, several whole numbers for a
  ///   sample, or a float that is not finite.
  static func labels(
    _ array: Tensor, _ location: String, format: String = "", firstRow: Int = 0
  ) throws(MoultError) -> Tensor {
    guard array.rank >= 1, array.count > 0 else {
      throw MoultError(.badData, "\(format)expected labels [N] or [N, K], got \(array.shape)", location: location)
    }
    if array.dtype.isFloatingPoint {
      let values = try floats(array, location, format: format, firstRow: firstRow)
      return array.rank == 1 ? values.reshaped([array.count, 1]) : values.flattened(from: 1)
    }
    guard array.rank == 1 || array.count == array.shape[0] else {
      throw MoultError(
        .badData,
        "\(format)expected one class for each sample, [N] or [N, 1], got \(array.dtype.rawValue) \(array.shape); save "
          + "y.argmax(axis=1) if these are one-hot, or floats if they are values to be predicted",
        location: location)
    }
    let classes = array.reshaped([array.count]).scalars(as: Int64.self)
    if let wrong = classes.first(where: { !(0...Self.greatestClass).contains($0) }) {
      throw MoultError(
        .badData,
        "\(format)expected classes as whole numbers from 0 to \(Self.greatestClass), got the label \(wrong); "
          + "number them with numpy.unique(y, return_inverse=True)[1], or save floats if they are "
          + "values to be predicted",
        location: location)
    }
    return Tensor(classes.map { Int32(truncatingIfNeeded: $0) }, shape: [array.count])
  }

  /// Returns the values as Float32. Throws an error of code `.badData` if a value is not finite, which otherwise would
  /// show only when training diverges.
  private static func floats(
    _ array: Tensor, _ location: String, format: String, firstRow: Int
  ) throws(MoultError) -> Tensor {
    let result = array.cast(to: .float32)
    guard array.dtype.isFloatingPoint else { return result }
    let wrong = result.withContiguousBytes { bytes in
      let values = bytes.bindMemory(to: Float.self)
      // A pass without an early end is vector code; the search is for the message only.
      let greatest = values.reduce(0) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
      return greatest < Float.infinity.bitPattern ? nil : values.firstIndex { !$0.isFinite }
    }
    if let wrong {
      let value = array.reshaped([array.count]).scalars(as: Double.self)[wrong]
      throw MoultError(
        .badData,
        "\(format)expected finite numbers within the range of 32 bits, got \(value) "
          + "in row \(firstRow + wrong / (array.count / array.shape[0]))",
        location: location)
    }
    return result
  }
}
