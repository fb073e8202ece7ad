import MoultCore

/// The number of steps that each parameter has taken, for an optimizer whose update depends on it.
struct StepCounts {
  private var counts: [Int64]

  init(count: Int) { counts = Array(repeating: 0, count: count) }

  /// Counts a step of the parameter at `index` and returns its number, from 1.
  mutating func next(at index: Int) -> Int64 {
    counts[index] += 1
    return counts[index]
  }

  /// The counts by their key.
  var state: [String: Tensor] { [Self.key: Tensor(counts, shape: [counts.count])] }

  /// Removes the counts from `state` and stores them.
  ///
  /// - Parameters:
  ///   - buffers: The word for the buffers that a parameter has after its first step, in messages.
  ///   - hasBuffers: Whether the state has these buffers of the parameter at an index.
  /// - Throws: An error of code `.badData` if the counts are missing or do not fit the buffers.
  mutating func take(
    from state: inout [String: Tensor], buffers: String, hasBuffers: (Int) -> Bool
  ) throws(MoultError) {
    guard let loaded = state.removeValue(forKey: Self.key), loaded.shape == [counts.count],
      !loaded.dtype.isFloatingPoint
    else {
      throw MoultError(
        .badData,
        "optimizer state \(Self.key): expected \(counts.count) integers; is it another optimizer's state?")
    }
    counts = loaded.scalars(as: Int64.self)
    for (index, count) in counts.enumerated() {
      let hasBuffers = hasBuffers(index)
      guard (0..<Int64(Int32.max)).contains(count), hasBuffers == (count > 0) else {
        throw MoultError(
          .badData,
          "optimizer state \(Self.key)[\(index)]: expected a count of steps with \(buffers), or 0 with none, got "
            + "\(count) with \(hasBuffers ? buffers : "none")")
      }
    }
  }

  private static let key = "steps"
}
