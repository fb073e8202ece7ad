import MoultCore

/// Random numbers for the transform of a batch: a function of the seed, the epoch and the index of the sample, so that
/// a sample gets the same ones in any batch, on any thread, and after a training was resumed.
///
/// Each call draws new numbers.
///
/// - Mask law (Documentation/MaskLaw.md): domain 4, layer 0, call 2^31 + the number of transforms of the same data set
///   that come after this one; step = epoch, sample = index, part 1024 + number of the call.
public struct BatchDraws: Sendable {
  private let stream: RandomStream
  private let step: UInt32
  private let samples: [UInt32]
  private var draw: UInt32 = 0

  init(_ key: EpochKey, samples indices: [Int]) {
    stream = RandomStream(seed: key.seed, layer: 0, call: 1 << 31 + key.transforms, domain: .augmentation)
    step = key.step
    samples = indices.map { checkedMaskIndex($0, "BatchDraws", "sample") }
  }

  /// Draws numbers that are uniform on `range`. Rounding to Float32 can give the upper bound itself.
  ///
  /// - Parameters:
  ///   - shape: The shape of the numbers of one sample; `[]` for one number.
  ///   - range: The bounds of the numbers.
  /// - Returns: `[B] + shape`, `float32`.
  public mutating func uniform(_ shape: [Int] = [], in range: Range<Double> = 0..<1) -> Tensor {
    stream.uniform(
      shape, low: range.lowerBound, high: range.upperBound, samples: samples, step: step, draw: nextDraw())
  }

  /// Draws normally distributed numbers.
  ///
  /// - Parameters:
  ///   - shape: The shape of the numbers of one sample; `[]` for one number.
  ///   - mean: The mean of the distribution.
  ///   - standardDeviation: The standard deviation of the distribution.
  /// - Returns: `[B] + shape`, `float32`.
  public mutating func normal(_ shape: [Int] = [], mean: Double = 0, standardDeviation: Double = 1) -> Tensor {
    stream.normal(
      shape, mean: mean, standardDeviation: standardDeviation, samples: samples, step: step, draw: nextDraw())
  }

  /// Draws a whole number in `range` for each sample, each with the same probability to within 2^-64.
  ///
  /// - Parameter range: The numbers, at least one.
  public mutating func integers(in range: Range<Int>) -> [Int] {
    require(!range.isEmpty, "BatchDraws.integers(in:): expected a range of one number or more, got \(range)")
    let draw = nextDraw(), count = UInt64(range.count)
    return samples.map { sample in
      let bits = stream.bits(1, step: step, sample: sample, draw: draw)[0]
      return range.lowerBound + Int(bits.multipliedFullWidth(by: count).high)
    }
  }

  private mutating func nextDraw() -> UInt32 {
    defer { draw += 1 }
    return draw
  }
}
