/// The mask of one call for a tensor whose elements share mask units. It is drawn once, with one byte for each unit;
/// strides map elements to units.
package struct SharedMask: Sendable {
  /// The mask: 1 for each dropped unit and 0 for each kept unit, with one row for each different sample.
  private let dropped: [UInt8]
  private let units: Int
  /// The row of `dropped` that each sample of the tensor uses.
  private let rowOfSample: [Int]
  /// The extents of a sample's axes. Neighbouring axes are merged if one stride fits both.
  private let extents: [Int]
  /// The strides along these axes in a row of `dropped`; 0 along an axis whose elements share a unit.
  private let steps: [Int]
  private let rate: Double
  /// The axes of the tensor in the order in which the mask runs over them; nil for the order of the shape.
  private let order: [Int]?

  /// Draws the mask of a call.
  ///
  /// - Parameters:
  ///   - rate: The dropout rate, in 0..<1.
  ///   - shape: The shape of the tensor, `[samples, ...]`.
  ///   - shared: The axes along which elements share units, and the size of groups of samples.
  ///   - part: The number of the mask among the masks of this call, from 0.
  ///   - order: The axes in the order of memory, the samples first; nil for the order of the shape.
  init(
    _ use: MaskUse, rate: Double, shape: [Int], shared: SharedAxes, part: UInt32 = 0, order: [Int]? = nil
  ) {
    var unitSteps = [Int](repeating: 0, count: shape.count), units = 1
    for axis in shape.indices.dropFirst().reversed() where !shared.axes.contains(axis) {
      unitSteps[axis] = units
      units *= shape[axis]
    }
    var extents: [Int] = [], steps: [Int] = []
    for axis in (order ?? Array(shape.indices)).dropFirst().reversed() {
      let step = unitSteps[axis]
      if let inner = extents.last, let innerStep = steps.last, step == innerStep * inner || inner == 1 {
        extents[extents.count - 1] = inner * shape[axis]
        if inner == 1 { steps[steps.count - 1] = step }
      } else {
        extents.append(shape[axis])
        steps.append(step)
      }
    }
    (self.extents, self.steps, self.units) = (extents.reversed(), steps.reversed(), units)
    self.order = order
    var samples: [UInt64] = [], rows: [Int] = []
    for row in 0..<shape[0] {
      let sample = (use.firstSample + use.sampleStride * UInt64(row)) / shared.group
      if samples.last != sample { samples.append(sample) }
      rows.append(samples.count - 1)
    }
    rowOfSample = rows
    self.rate = rate
    dropped = Self.bytes(use, rate, samples, units, part)
  }

  /// Makes a mask from computed bytes, for a tensor `[samples, repeats, units]`, such as images with `repeats` channels
  /// of `units` pixels: all channels of a sample have the same mask.
  ///
  /// - Parameter dropped: The mask `[samples, units]`: 1 for each dropped unit and 0 for each kept unit.
  package init(dropped: [UInt8], units: Int, repeats: Int) {
    self.dropped = dropped
    self.units = units
    rowOfSample = Array(0..<dropped.count / max(units, 1))
    extents = [repeats, units]
    steps = [0, 1]
    rate = 0
    order = nil
  }

  /// The active columns of a matrix `[N, units]` with this mask, in row blocks. Empty if products over the active
  /// columns are not faster.
  var activeBlocks: [ActiveBlock] {
    guard extents == [units], steps == [1], let last = rowOfSample.last,
      ActiveBlock.pays(count: last + 1, rows: rowOfSample.count, rate: rate)
    else { return [] }
    let starts = rowOfSample.indices.filter { $0 == 0 || rowOfSample[$0] != rowOfSample[$0 - 1] } + [rowOfSample.count]
    let blocks = zip(starts, starts.dropFirst()).map { $0..<$1 }
    return blocks.map { rows in
      let row = rowOfSample[rows.lowerBound]
      return ActiveBlock(rows: rows, columns: ActiveColumns(dropped: Array(dropped[row * units..<(row + 1) * units])))
    }
  }

  /// Returns the mask bytes of each sample. They are drawn at once if the samples are evenly spaced.
  private static func bytes(
    _ use: MaskUse, _ rate: Double, _ samples: [UInt64], _ units: Int, _ part: UInt32
  ) -> [UInt8] {
    let stride = samples.count > 1 ? samples[1] - samples[0] : 0
    let isEven = zip(samples, samples.dropFirst()).allSatisfy { $1 - $0 == stride }
    let runs = isEven ? samples.prefix(1) : samples[...]
    return runs.flatMap { first in
      let mask = MaskUse(stream: use.stream, step: use.step, firstSample: first, sampleStride: isEven ? stride : 0)
      return MaskSpec(mask, rate: rate, rows: isEven ? samples.count : 1, units: units, part: part).bytes()
    }
  }

  /// Returns `x[i] · scale + shift` where a unit is kept, and `value` where it is dropped.
  ///
  /// A shift of -0 changes no element, not even the sign of a zero.
  package func applied(to x: NDArray, scale: Double, shift: Double = -0.0, dropped value: Double = 0) -> NDArray {
    guard let order else { return appliedInOrder(to: x, scale: scale, shift: shift, dropped: value) }
    return x.withAxes(order) { appliedInOrder(to: $0, scale: scale, shift: shift, dropped: value) }
  }

  private func appliedInOrder(to x: NDArray, scale: Double, shift: Double, dropped value: Double) -> NDArray {
    let x = x.contiguous(), result = Storage(count: x.count, dtype: x.dtype)
    if x.dtype == .float32 {
      apply(x.pointer(as: Float.self), Float(scale), Float(shift), Float(value), result.pointer(as: Float.self))
    } else {
      apply(x.pointer(as: Double.self), scale, shift, value, result.pointer(as: Double.self))
    }
    withExtendedLifetime(x) {}
    return NDArray(storage: result, shape: x.shape)
  }

  private func apply<S: BinaryFloatingPoint>(
    _ x: UnsafePointer<S>, _ scale: S, _ shift: S, _ value: S, _ y: UnsafeMutablePointer<S>
  ) {
    let count = extents.reduce(1, *), inner = extents[extents.count - 1], step = steps[steps.count - 1]
    dropped.withUnsafeBufferPointer { dropped in
      guard let mask = dropped.baseAddress else { return }
      parallelFor(rowOfSample.count, elements: count) { rows in
        for row in rows {
          let units = mask + rowOfSample[row] * units
          var at = row * count
          Strided.forEachRow(shape: extents, strides: steps) { unit in
            let from = x + at, to = y + at
            if step == 1 {
              let units = units + unit
              for i in 0..<inner {
                let kept = from[i] * scale + shift  // computed for all units: no branch
                to[i] = units[i] == 0 ? kept : value
              }
            } else if step != 0 {
              let units = units + unit
              for i in 0..<inner {
                let kept = from[i] * scale + shift
                to[i] = units[i * step] == 0 ? kept : value
              }
            } else if units[unit] == 0 {
              for i in 0..<inner { to[i] = from[i] * scale + shift }
            } else {
              to.update(repeating: value, count: inner)
            }
            at += inner
          }
        }
      }
    }
  }
}
