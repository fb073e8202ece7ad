import MoultCore
import MoultTestSupport
import Testing

@Suite struct MaskSpecTests {
  private static func law(_ mask: MaskLawFile.Mask) -> MaskSpec {
    let domain = RandomDomain(rawValue: mask.domain) ?? .training
    let stream = RandomStream(seed: hex(mask.seed), layer: mask.layer, call: mask.call, domain: domain)
    return MaskSpec(
      MaskUse(stream: stream, step: mask.step, firstSample: UInt64(mask.sample)),
      rate: Double(bitPattern: hex(mask.rateBits)),
      rows: mask.rows, units: mask.units, part: mask.part)
  }

  private static func packed(_ dropped: [UInt8], units: Int) -> [String] {
    stride(from: 0, to: dropped.count, by: units).map { row in
      stride(from: 0, to: units, by: 8).map { first in
        var byte: UInt8 = 0
        for bit in 0..<min(8, units - first) where dropped[row + first + bit] == 0 { byte |= 1 << UInt8(bit) }
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
    }
  }

  @Test func everyKnownMaskUnderEveryInstructionSet() throws {
    let masks = try MaskLawFile.load().masks
    expectEqual(masks.count, 60)
    let results = ProcessSettings.underEveryInstructionSet {
      masks.map { known in
        let rate = Double(bitPattern: hex(known.rateBits))
        return rate < 1 ? Self.law(known).bytes() : [UInt8](repeating: 1, count: known.rows * known.units)
      }
    }
    for (name, all) in results {
      for (i, (known, dropped)) in zip(masks, all).enumerated() {
        expectEqual(Self.packed(dropped, units: known.units), known.kept, "mask \(i), \(name)")
      }
    }
  }

  @Test func everyKnownMaskAsTheToolPrintsIt() throws {
    for (i, known) in try MaskLawFile.load().masks.enumerated() where known.part == 0 {
      let bits = dropMaskBits(
        seed: hex(known.seed), layer: known.layer, call: known.call,
        domain: RandomDomain(rawValue: known.domain) ?? .training,
        step: known.step, rate: Double(bitPattern: hex(known.rateBits)), sample: known.sample, rows: known.rows,
        units: known.units)
      let dropped = bits.flatMap { $0.map { $0 ? 1 as UInt8 : 0 } }
      expectTrue(bits.count == known.rows && Self.packed(dropped, units: known.units) == known.kept, "mask \(i)")
    }
  }

  @Test func everyKnownThreshold() throws {
    let thresholds = try MaskLawFile.load().thresholds
    expectEqual(thresholds.count, 13)
    for known in thresholds {
      let rate = Double(bitPattern: hex(known.rateBits))
      guard rate < 1 else { continue }
      expectEqual(String(MaskSpec.threshold(rate), radix: 16), known.threshold, "rate \(rate)")
    }
  }

  /// All 64 planes are drawn here and compared as one integer: stopping early must not change a bit.
  @Test func theKernelsAreTheLawOnRandomSettings() {
    var random = RandomStream(seed: 77, layer: 0, call: 0, domain: .user).bits(4000).makeIterator()
    func next() -> UInt64 { random.next() ?? 0 }
    let rates: [Double] = [0.5, 0.25, 0.1, 0.3, 1 / 3, 0.9, 1e-9, 0x1p-64, 1 - 0x1p-53, 0.75, 0x1.5p-3]
    for _ in 0..<120 {
      let (seed, layer, call, step) = (next(), UInt32(next() >> 32), UInt32(next() >> 40), UInt32(next() >> 32))
      let domain = RandomDomain(rawValue: UInt32(next() % 6)) ?? .training
      let stride = 1 + next() % 5, first = next() % 3 == 0 ? (1 << 32) - 1 - 4 * stride : next() >> 34
      let rows = 1 + Int(next() % 5), units = 1 + Int(next() % 300), part = UInt32(next() % 1024)
      let rate = rates[Int(next() % UInt64(rates.count))]
      let key = PlainLaw.key(seed: seed, layer: layer, call: call, domain: domain.rawValue)
      let stream = RandomStream(seed: seed, layer: layer, call: call, domain: domain)
      expectTrue(stream.key0 == key[0] && stream.key1 == key[1])
      let use = MaskUse(stream: stream, step: step, firstSample: first, sampleStride: stride)
      let dropped = MaskSpec(use, rate: rate, rows: rows, units: units, part: part).bytes()
      // A few units of each mask: the plain law takes 64 Philox calls for each.
      for _ in 0..<25 {
        let row = Int(next() % UInt64(rows)), unit = next() % UInt64(units)
        let sample = UInt32(first + stride * UInt64(row))
        let value = PlainLaw.threshold(unit, sample: sample, step: step, part: part, key: key)
        expectEqual(
          dropped[row * units + Int(unit)] == 1, value < UInt64(rate * 0x1p64),
          "seed \(seed), row \(row), unit \(unit), rate \(rate), part \(part)")
      }
    }
  }

  @Test func unitsFarOutAreTheLawToo() {
    let stream = RandomStream(seed: 5, layer: 2, call: 0, domain: .training)
    let units = 1 << 21, unit = UInt64(units - 1), sample: UInt32 = 1
    let dropped = MaskSpec(MaskUse(stream: stream, step: 9), rate: 0.3, rows: 2, units: units).bytes()
    for back in 0..<40 as Range<UInt64> {
      let value = PlainLaw.threshold(unit - back, sample: sample, step: 9, part: 0, key: [stream.key0, stream.key1])
      expectEqual(dropped[units + Int(unit - back)] == 1, value < MaskSpec.threshold(0.3))
    }
  }

  @Test func aHigherRateOnlyAddsDroppedUnits() {
    let use = MaskUse(stream: RandomStream(seed: 1, layer: 0, call: 0, domain: .training), step: 0)
    let masks = [0, 1e-9, 0.1, 0.25, 0.3, 0.5, 0.9, 1 - 0x1p-53].map {
      MaskSpec(use, rate: $0, rows: 3, units: 5000).bytes()
    }
    for (low, high) in zip(masks, masks.dropFirst()) { expectTrue(zip(low, high).allSatisfy { $0 <= $1 }) }
    expectTrue(masks[0].allSatisfy { $0 == 0 })
  }

  @Test func theExampleOfTheDocumentHolds() {
    func text(_ rate: Double, sample: UInt32 = 0, layer: UInt32 = 0, step: UInt32 = 0) -> String {
      let bits = dropMaskBits(
        seed: 1, layer: layer, call: 0, domain: .training, step: step, rate: rate, sample: sample, rows: 1, units: 48)
      return bits[0].map { $0 ? "0" : "1" }.joined()
    }
    expectEqual(text(0.5), "100011001100010001011101000011111101001011010010")
    expectEqual(text(0.5, sample: 3), "011101100001110001001001001010011010110111110100")
    expectEqual(text(0.1), "111011111111111011111101111111111111111111011111")
    expectEqual(text(0.75), "000011001000010001011101000001011000001010010000")
    expectEqual(text(0.5, layer: 1), "110101111000111011100010001100011011100000101011")
    expectEqual(text(0.5, step: 1), "110011111110011110000001100100110011101110101111")
  }

  @Test func nothingToMaskIsAllowed() {
    let use = MaskUse(stream: RandomStream(seed: 1, layer: 0, call: 0, domain: .training), step: 0)
    expectTrue(
      MaskSpec(use, rate: 0.5, rows: 0, units: 5).bytes() == []
        && MaskSpec(use, rate: 0.5, rows: 5, units: 0).bytes() == [])
  }

  @Test func samplesBeyond32BitsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let stream = RandomStream(seed: 1, layer: 0, call: 0, domain: .training)
      _ = MaskSpec(MaskUse(stream: stream, step: 0, firstSample: (1 << 32) - 2), rate: 0.5, rows: 3, units: 1)
    }
    expectTrue(
      text(result).contains(
        "dropout: expected sample indices below 2^32, got 4294967296 for row 2; start a new step instead"))
  }

  @Test func strideTimesRowsDoesNotWrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let stream = RandomStream(seed: 1, layer: 0, call: 0, domain: .training)
      let use = MaskUse(stream: stream, step: 0, firstSample: 0, sampleStride: 1 << 32)
      _ = MaskSpec(use, rate: 0.5, rows: (1 << 32) + 1, units: 0)
    }
    expectTrue(text(result).contains("dropout: expected sample indices below 2^32"))
  }

  @Test func unitsBeyond39BitsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let wide = Tensor([1]).broadcast(to: [1, (1 << 39) + 1])
      _ = MoultCore.dropout(wide, rate: 0.5, mode: .training)
    }
    expectTrue(text(result).contains("dropout: expected at most 2^39 units a sample, got 549755813889"))
  }

  @Test func partsFrom1024AreNotMasks() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let stream = RandomStream(seed: 1, layer: 0, call: 0, domain: .training)
      _ = MaskSpec(MaskUse(stream: stream, step: 0), rate: 0.5, rows: 1, units: 1, part: 1024)
    }
    expectTrue(text(result).contains("dropout: expected a mask part below 1024, got 1024"))
  }
}
