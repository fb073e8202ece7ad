import MoultTestSupport

/// Tests/Reference/masklaw.json; the file's own "about" says how to read it.
struct MaskLawFile: Decodable, Sendable {
  let philox: [Block]
  let streams: [Stream]
  let thresholds: [Threshold]
  let masks: [Mask]
  let draws: [Draws]
  let shuffles: [Shuffle]

  struct Block: Decodable, Sendable { let counter, key, output: [String] }
  struct Threshold: Decodable, Sendable { let rateBits, threshold: String }

  struct Stream: Decodable, Sendable {
    let seed: String, key: [String]
    let layer, call, domain: UInt32
  }

  struct Mask: Decodable, Sendable {
    let seed, rateBits: String, kept: [String]
    let layer, call, domain, step, sample, part: UInt32
    let rows, units: Int
  }

  struct Draws: Decodable, Sendable {
    struct Last: Decodable, Sendable {
      let unit: UInt64
      let bits: String
    }
    let seed: String, bits: [String]
    let layer, call, domain, step, sample, part: UInt32
    let uniformDouble, uniformFloat, gaussian: [Double]
    let lastUnit: Last
  }

  struct Shuffle: Decodable, Sendable {
    let seed: String, order: [Int]
    let epoch, count: Int
  }

  static func load() throws -> MaskLawFile { try ReferenceFiles.decode(MaskLawFile.self, from: "masklaw.json") }
}

/// The number that hexadecimal digits stand for; stops the test process if they do not.
func hex<T: FixedWidthInteger>(_ digits: String) -> T {
  guard let value = T(digits, radix: 16) else { fatalError("\(digits) is no hexadecimal number") }
  return value
}

/// Philox and the law as Documentation/MaskLaw.md writes them, unit by unit, sharing no code with the library.
enum PlainLaw {
  static func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var c = counter, k = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) * UInt64(c[0]), p1 = UInt64(0xCD9E_8D57) * UInt64(c[2])
      c = [
        UInt32(p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1), UInt32(p0 >> 32) ^ c[3] ^ k[1],
        UInt32(truncatingIfNeeded: p0),
      ]
      k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
  }

  static func key(seed: UInt64, layer: UInt32, call: UInt32, domain: UInt32) -> [UInt32] {
    let halves = [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
    return Array(philox([layer, call, domain, 0x4D4F_554C], halves)[0..<2])
  }

  /// The integer U of a unit, all 64 planes of it.
  static func threshold(_ unit: UInt64, sample: UInt32, step: UInt32, part: UInt32, key: [UInt32]) -> UInt64 {
    var value: UInt64 = 0
    for plane in 0..<64 as Range<UInt32> {
      let words = philox([UInt32(unit / 128), sample, step, plane + 64 * part], key)
      value = value << 1 | UInt64(words[Int(unit / 32 % 4)] >> UInt32(unit % 32) & 1)
    }
    return value
  }
}
