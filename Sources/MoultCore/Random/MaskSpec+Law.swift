extension MaskSpec {
  /// Makes the mask of a call and adds it to the active recordings.
  ///
  /// Stops the program unless units, samples and part are in the ranges of Documentation/MaskLaw.md: u < 2^39, s <
  /// 2^32, part < 1024.
  package init(_ use: MaskUse, rate: Double, rows: Int, units: Int, part: UInt32 = 0) {
    let (high, low) = use.sampleStride.multipliedFullWidth(by: UInt64(max(rows, 1) - 1))
    let (sum, overflow) = low.addingReportingOverflow(use.firstSample)
    let lastSample = high == 0 && !overflow ? sum : .max
    require(units <= 1 << 39, "dropout: expected at most 2^39 units a sample, got \(units)")
    require(
      lastSample < 1 << 32,
      "dropout: expected sample indices below 2^32, got \(lastSample) for row \(rows - 1); start a new step instead")
    require(part < 1024, "dropout: expected a mask part below 1024, got \(part)")
    self.init(
      key: (use.stream.key0, use.stream.key1), step: use.step, firstSample: UInt32(use.firstSample),
      sampleStride: UInt32(use.sampleStride), part: part, threshold: Self.threshold(rate), rows: rows, units: units)
    MaskScope.current?.drew(RecordedMask(use: use, rate: rate, rows: rows, units: units, part: part))
  }
}

/// Returns whether each unit is dropped: an array of `units` values for each of `rows` samples. The command
/// `moult mask` prints them.
///
/// - Parameter sample: The index of the first row's sample.
package func dropMaskBits(
  seed: UInt64, layer: UInt32, call: UInt32, domain: RandomDomain, step: UInt32, rate: Double, sample: UInt32,
  rows: Int, units: Int
) -> [[Bool]] {
  require((0...1).contains(rate), "mask: expected a rate in 0...1, got \(rate)")
  guard rate < 1 else { return Array(repeating: Array(repeating: true, count: units), count: rows) }
  let use = MaskUse(
    stream: RandomStream(seed: seed, layer: layer, call: call, domain: domain), step: step, firstSample: UInt64(sample))
  let bytes = MaskSpec(use, rate: rate, rows: rows, units: units).bytes()
  return (0..<rows).map { row in bytes[row * units..<(row + 1) * units].map { $0 == 1 } }
}
