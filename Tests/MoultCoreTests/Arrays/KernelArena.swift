import MoultCore
import MoultTestSupport

/// Buffers that a kernel reads and writes at any misalignment, compared after it ran under each instruction set.
///
/// Every buffer has room around the elements that the kernel may write; what is there must stay.
final class KernelArena {
  static let capacity = 704
  static let margin = 32
  static let buffers = 4
  private let memory: UnsafeMutableBufferPointer<Float>
  private let original: [Float]

  /// Buffers of numbers as `value` gives them, by their place.
  init(_ value: (Int) -> Float) {
    original = (0..<Self.buffers * Self.capacity).map(value)
    let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: original.count * 4, alignment: 64)
    memory = raw.bindMemory(to: Float.self)
  }

  deinit { memory.deallocate() }

  /// Buffer number `index`, moved by `offset` elements from a 64-byte boundary.
  func buffer(_ index: Int, _ offset: Int) -> UnsafeMutablePointer<Float> {
    guard let base = memory.baseAddress else { fatalError("no memory") }
    return base + index * Self.capacity + Self.margin + offset
  }

  /// Runs `kernel` on fresh buffers; a digest of all bits, and whether anything but the first `count` elements of the
  /// buffers in `outputs` changed.
  func run(offset: Int, count: Int, outputs: [Int], _ kernel: (KernelArena) -> Void) -> (digest: UInt64, strayed: Bool)
  {
    _ = memory.update(fromContentsOf: original)
    kernel(self)
    var digest: UInt64 = 14_695_981_039_346_656_037
    var strayed = false
    for index in 0..<Self.buffers {
      let first = index * Self.capacity + Self.margin + offset
      let mayChange = outputs.contains(index) ? first..<first + count : first..<first
      for place in index * Self.capacity..<(index + 1) * Self.capacity {
        let bits = memory[place].bitPattern
        if mayChange.contains(place) {
          digest = (digest ^ UInt64(bits)) &* 1_099_511_628_211
        } else if bits != original[place].bitPattern {
          strayed = true
        }
      }
    }
    return (digest, strayed)
  }
}

/// Where the instruction sets give different bits, or write where they must not, at each of `lengths` and of `offsets`.
func disagreements(
  lengths: some Sequence<Int> = 0...257, offsets: ClosedRange<Int> = 0...16, outputs: [Int],
  count: @escaping (Int) -> Int = { $0 }, values: @escaping (Int) -> Float, _ kernel: (KernelArena, Int, Int) -> Void
) -> [String] {
  let settings = combinations(lengths, offsets)
  let arena = KernelArena(values)
  let results = ProcessSettings.underEveryInstructionSet {
    settings.map { n, offset in
      arena.run(offset: offset, count: count(n), outputs: outputs) { kernel($0, n, offset) }
    }
  }
  let found = results.flatMap { name, digests in
    zip(settings, zip(digests, results[0].result)).compactMap { setting, pair -> String? in
      if pair.0.strayed { return "\(name), n = \(setting.0), offset \(setting.1): wrote outside" }
      return pair.0.digest == pair.1.digest ? nil : "\(name), n = \(setting.0), offset \(setting.1): other bits"
    }
  }
  return Array(found.prefix(4))
}

/// Numbers with all special values among them.
func trickyNumbers(_ place: Int) -> Float {
  place % 3 == 0 ? specials[(place / 3 + place / 704) % specials.count] : plainNumbers(place)
}

/// Numbers between -4 and 4 without a pattern.
func plainNumbers(_ place: Int) -> Float {
  let bits = UInt32(truncatingIfNeeded: (place &* 2_654_435_761) >> 3) & 0xFFFF
  return Float(bits) / 8192 - 4
}
