import CMoultKernels
import MoultCore
import MoultTestSupport
import Testing

/// The masks that epilogues draw, row by row and column by column, against the mask law's own draws
/// (``MaskSpec/bytes()``).
@Suite(.serialized) struct RowMaskTests {
  private let stream = RandomStream(seed: 3, layer: 5, call: 1, domain: .training)

  /// Whether the unit of a sample is kept, by the law.
  private func kept(step: UInt32, sample: UInt64, units: Int, rate: Double) -> [Bool] {
    MaskSpec(MaskUse(stream: stream, step: step, firstSample: sample), rate: rate, rows: 1, units: units).bytes()
      .map { $0 == 0 }
  }

  /// The bits of `rows` rows and the columns from `first` on.
  private func bits(_ mask: mk_row_mask, first: Int, width: Int, rows: Int) -> [[Bool]] {
    var result: [[Bool]] = []
    while result.count < rows {
      var words = [UInt32](repeating: 0, count: 128)
      let drawn = words.withUnsafeMutableBytes { raw in
        withUnsafePointer(to: mask) {
          mk_row_mask_bits(
            $0, first, width, result.count, rows - result.count,
            raw.baseAddress?.assumingMemoryBound(to: (UInt32, UInt32, UInt32, UInt32).self))
        }
      }
      expectTrue(drawn >= 1 && drawn <= 32)
      for row in 0..<drawn {
        result.append((0..<width).map { words[row * 4 + $0 / 32] >> UInt32($0 % 32) & 1 == 1 })
      }
    }
    return result
  }

  private func mask(_ step: UInt32 = 7, firstSample: UInt32 = 11, stride: UInt32 = 1, rate: Double) -> mk_mask {
    mk_mask(
      k0: stream.key0, k1: stream.key1, step: step, sample: firstSample, stride: stride, part: 0,
      threshold: MaskSpec.threshold(rate))
  }

  /// Elements of `[N, T, D]`: each row is a place of a sample, at widths that are no multiple of 128 too.
  @Test(arguments: [1, 16, 40, 127, 128, 129, 200, 256, 300], [1, 3, 33])
  func elementsOfSequences(width: Int, places: Int) {
    let samples = 3
    for rate in [0.1, 0.5] {
      let mask = mk_row_mask(
        mask: mask(rate: rate), first_row: 0, pass_rows: samples * places, sample_rows: places, samples: samples,
        place_rows: 1, places: places, place_units: UInt64(width), first_unit: 0, group: 1, kept_samples: nil)
      let wanted = (0..<samples).map { kept(step: 7, sample: 11 + UInt64($0), units: places * width, rate: rate) }
      for first in stride(from: 0, to: width, by: 128) {
        let count = min(128, width - first)
        let found = bits(mask, first: first, width: count, rows: samples * places)
        for row in 0..<samples * places {
          let start = row % places * width + first
          expectEqual(found[row], Array(wanted[row / places][start..<start + count]), "row \(row), column \(first)")
        }
      }
    }
  }

  /// Time-major rows `[T, N, D]`, passes one after the other, groups of samples, samples by number, a first unit.
  @Test func everyFieldOfTheMapping() {
    let (steps, samples, passes, width) = (4, 5, 3, 72), rate = 0.3
    var mask = mk_row_mask(
      mask: mask(firstSample: 6, stride: 2, rate: rate), first_row: 0, pass_rows: steps * samples, sample_rows: 1,
      samples: samples, place_rows: samples, places: steps, place_units: UInt64(width), first_unit: 500, group: 3,
      kept_samples: nil)
    func check(_ sample: (Int) -> UInt64, _ label: String) {
      let found = bits(mask, first: 0, width: width, rows: passes * steps * samples)
      for row in found.indices {
        let q = row % (steps * samples), unit = 500 + q / samples % steps * width
        let wanted = kept(
          step: 7 + UInt32(row / (steps * samples)), sample: sample(q % samples), units: unit + width, rate: rate)
        expectEqual(found[row], Array(wanted[unit...]), "\(label), row \(row)")
      }
    }
    check({ UInt64((6 + 2 * $0) / 3) }, "groups of three samples")
    let numbers: [UInt32] = [9, 2, 100, 4, 3]
    numbers.withUnsafeBufferPointer {
      mask.kept_samples = $0.baseAddress
      check({ UInt64(numbers[$0]) }, "samples by number")
    }
    mask.kept_samples = nil
    mask.first_row = 17
    let shifted = bits(mask, first: 0, width: width, rows: 30)
    mask.first_row = 0
    expectEqual(shifted, Array(bits(mask, first: 0, width: width, rows: 47)[17...]))
  }

  @Test func instructionSetsAgree() {
    let mask = mk_row_mask(
      mask: mask(rate: 0.2), first_row: 0, pass_rows: 90, sample_rows: 30, samples: 3, place_rows: 1, places: 30,
      place_units: 200, first_unit: 0, group: 1, kept_samples: nil)
    let results = ProcessSettings.underEveryInstructionSet { bits(mask, first: 128, width: 72, rows: 90) }
    expectTrue(results.allSatisfy { $0.result == results[0].result })
  }
}
