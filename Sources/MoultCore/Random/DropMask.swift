import CMoultKernels

/// The mask of one use of a layer over `rows` samples of `units` units: no bits, only how to draw them.
package struct DropMask: Sendable {
  let law: mk_mask
  let rows: Int
  let units: Int

  /// Checks what the mask law requires: u < 2^39, s < 2^32, part < 1024.
  package init(_ use: MaskUse, rate: Double, rows: Int, units: Int, part: UInt32 = 0) {
    let (high, low) = use.sampleStride.multipliedFullWidth(by: UInt64(max(rows, 1) - 1))
    let (sum, overflow) = low.addingReportingOverflow(use.firstSample)
    let lastSample = high == 0 && !overflow ? sum : .max
    require(units <= 1 << 39, "dropout: expected at most 2^39 units a sample, got \(units)")
    require(
      lastSample < 1 << 32,
      "dropout: expected sample indices below 2^32, got \(lastSample) for row \(rows - 1); start a new step instead")
    require(part < 1024, "dropout: expected a mask part below 1024, got \(part)")
    law = mk_mask(
      k0: stream(use).key0, k1: stream(use).key1, step: use.step, sample: UInt32(use.firstSample),
      stride: UInt32(use.sampleStride), part: part, threshold: Self.threshold(rate))
    self.rows = rows
    self.units = units
    MaskScope.current?.drew(RecordedMask(use: use, rate: rate, rows: rows, units: units, part: part))
    func stream(_ use: MaskUse) -> RandomStream { use.stream }
  }

  /// ⌊rate · 2^64⌋ for a rate below 1: exact, since scaling by a power of two is.
  package static func threshold(_ rate: Double) -> UInt64 { UInt64(rate * 0x1p64) }

  /// The mask of `range` of the rows alone.
  func law(from row: Int) -> mk_mask {
    var law = law
    law.sample = law.sample &+ law.stride &* UInt32(truncatingIfNeeded: row)
    return law
  }

  /// 1 for each dropped unit, row by row.
  package func bytes() -> [UInt8] { bytes(rows: rows) }

  /// The units that are kept, if they are the same in all rows and that is of use to a product.
  var keptUnits: [KeptStretch] {
    let rate = Double(law.threshold) * 0x1p-64
    guard law.stride == 0, KeptStretch.areWorthIt(count: 1, rows: rows, rate: rate) else { return [] }
    return [KeptStretch(rows: 0..<rows, units: KeptUnits(dropped: bytes(rows: 1)))]
  }

  private func bytes(rows: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: rows * units) { buffer, initialized in
      withUnsafePointer(to: law) { mk_drop_bytes($0, rows, units, buffer.baseAddress) }
      initialized = rows * units
    }
  }
}

/// Whether each unit is dropped, for one row a sample: what `moult mask` prints.
///
/// - Parameter sample: the sample of the first row.
package func dropMaskBits(
  seed: UInt64, layer: UInt32, call: UInt32, domain: RandomDomain, step: UInt32, rate: Double, sample: UInt32,
  rows: Int,
  units: Int
) -> [[Bool]] {
  require((0...1).contains(rate), "mask: expected a rate in 0...1, got \(rate)")
  guard rate < 1 else { return Array(repeating: Array(repeating: true, count: units), count: rows) }
  let use = MaskUse(
    stream: RandomStream(seed: seed, layer: layer, call: call, domain: domain), step: step, firstSample: UInt64(sample))
  let bytes = DropMask(use, rate: rate, rows: rows, units: units).bytes()
  return (0..<rows).map { row in bytes[row * units..<(row + 1) * units].map { $0 == 1 } }
}
