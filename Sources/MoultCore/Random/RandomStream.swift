import CMoultKernels

/// What draws are for: streams of different domains are independent.
package enum RandomDomain: UInt32, Sendable, CaseIterable {
  case training = 0
  case sampling = 1
  case shuffling = 2
  case initialization = 3
  case augmentation = 4
  case user = 5
}

/// The key of one stream of the mask law: everything about a draw but the step, the sample and the unit.
package struct RandomStream: Sendable, Equatable {
  package let key0: UInt32
  package let key1: UInt32
  /// What the key was made of, for whoever asks later whose mask this was.
  package let layer: UInt32
  package let call: UInt32
  package let domain: RandomDomain

  /// `MOUL` in ASCII: keeps stream keys apart from other uses of the generator under the same seed.
  private static let lawTag: UInt32 = 0x4D4F_554C

  /// Parts from here on are a layer's other draws; below are masks.
  private static let firstDrawPart: UInt32 = 1024

  package init(seed: UInt64, layer: UInt32, call: UInt32, domain: RandomDomain) {
    let words = Philox.block((layer, call, domain.rawValue, Self.lawTag), key: seed)
    (key0, key1) = (words.0, words.1)
    (self.layer, self.call, self.domain) = (layer, call, domain)
  }

  /// 64 random bits for each of `count` units, of the layer's draw number `draw`.
  ///
  /// Checks what the mask law requires: u < 2^33, part < 2^26.
  package func bits(_ count: Int, step: UInt32 = 0, sample: UInt32 = 0, draw: UInt32 = 0) -> [UInt64] {
    require(count <= 1 << 33, "random draws: expected at most 2^33 numbers a draw, got \(count)")
    require(draw < (1 << 26) - Self.firstDrawPart, "random draws: expected a draw below 2^26 - 1024, got \(draw)")
    return [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      mk_draws(key0, key1, step, sample, Self.firstDrawPart + draw, 0, count, buffer.baseAddress)
      initialized = count
    }
  }

  /// Numbers spread evenly over `low ..< high`.
  package func uniform(
    _ shape: [Int], low: Double, high: Double, dtype: DType = .float32, step: UInt32 = 0, draw: UInt32 = 0
  ) -> Tensor {
    tensor(shape, dtype, step, draw) { bits, result in
      dtype == .float32
        ? mk_uniform_f32(bits, bits.count, low, high, result.pointer(as: Float.self))
        : mk_uniform_f64(bits, bits.count, low, high, result.pointer(as: Double.self))
    }
  }

  /// Normally distributed numbers.
  package func normal(
    _ shape: [Int], mean: Double, standardDeviation: Double, dtype: DType = .float32, step: UInt32 = 0, draw: UInt32 = 0
  ) -> Tensor {
    tensor(shape, dtype, step, draw) { bits, result in
      dtype == .float32
        ? mk_normal_f32(bits, bits.count, mean, standardDeviation, result.pointer(as: Float.self))
        : mk_normal_f64(bits, bits.count, mean, standardDeviation, result.pointer(as: Double.self))
    }
  }

  private func tensor(
    _ shape: [Int], _ dtype: DType, _ step: UInt32, _ draw: UInt32, fill: ([UInt64], Storage) -> Void
  ) -> Tensor {
    require(dtype.isFloatingPoint, "random tensors: expected float32 or float64, got \(dtype)")
    let result = Storage(count: Shape.count(shape, "random tensors"), dtype: dtype)
    fill(bits(result.count, step: step, draw: draw), result)
    return Tensor(NDArray(storage: result, shape: shape))
  }
}

/// Philox4x32-10 (Salmon et al., SC 2011).
package enum Philox {
  /// Four random words for a counter and a key.
  package static func block(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: UInt64
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var out: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeBytes(of: counter) { counter in
      withUnsafeMutableBytes(of: &out) { out in
        mk_philox(
          counter.baseAddress?.assumingMemoryBound(to: UInt32.self), UInt32(truncatingIfNeeded: key),
          UInt32(truncatingIfNeeded: key >> 32), out.baseAddress?.assumingMemoryBound(to: UInt32.self))
      }
    }
    return out
  }
}

/// The stream that the next parameter is initialised from: its layer is the count of parameters made under the seed.
package func nextInitializationStream() -> RandomStream {
  let scope = SeedScope.current
  return RandomStream(seed: scope.seed, layer: scope.nextParameter(), call: 0, domain: .initialization)
}

/// The number of the stream that an optimizer draws its gradient noise from: `stream`, or one of its own by the count of
/// what was made without a number.
package func gradientNoiseStream(_ stream: Int?) -> UInt32 {
  stream.map { checkedStream($0) } ?? SeedScope.current.nextUnnumberedLayer()
}

/// Standard normal noise for the gradient of an optimizer's parameter `index`: calls of its stream from the last one down in
/// the domain of noise, so that nothing else there can be the same.
package func gradientNoise(of index: Int, like gradient: Tensor, stream: UInt32, step: Int) -> Tensor {
  let call = .max - checkedLawIndex(index, "gradientNoise", "index")
  return RandomStream(seed: SeedScope.current.seed, layer: stream, call: call, domain: .augmentation).normal(
    gradient.shape, mean: 0, standardDeviation: 1, dtype: gradient.dtype,
    step: checkedLawIndex(step, "gradientNoise", "step"))
}

/// The numbers `0 ..< count` in an order that is a function of seed and epoch alone (Fisher-Yates).
package func shuffledIndices(count: Int, seed: UInt64, epoch: Int) -> [Int] {
  let stream = RandomStream(seed: seed, layer: 0, call: 0, domain: .shuffling)
  return stream.permutation(count, step: checkedLawIndex(epoch, "shuffle", "epoch"))
}

extension RandomStream {
  /// The numbers `0 ..< count` in a random order (Fisher-Yates).
  package func permutation(_ count: Int, step: UInt32 = 0, draw: UInt32 = 0) -> [Int] {
    let bits = bits(count, step: step, draw: draw)
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(bits[i].multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return order
  }
}

extension Tensor {
  /// A tensor of normally distributed numbers.
  ///
  /// Without `seed` each call draws anew from the process's or task's seed; with it the result is a function of the seed
  /// and the shape.
  public static func randomNormal(
    _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32, seed: UInt64? = nil
  ) -> Tensor {
    userStream(seed).normal(shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype)
  }

  /// A tensor of numbers spread evenly over `range`.
  ///
  /// Without `seed` each call draws anew from the process's or task's seed; with it the result is a function of the seed
  /// and the shape.
  public static func randomUniform(
    _ shape: [Int], in range: Range<Double> = 0..<1, dtype: DType = .float32, seed: UInt64? = nil
  ) -> Tensor {
    userStream(seed).uniform(shape, low: range.lowerBound, high: range.upperBound, dtype: dtype)
  }

  private static func userStream(_ seed: UInt64?) -> RandomStream {
    if let seed { return RandomStream(seed: seed, layer: 0, call: 0, domain: .user) }
    let scope = SeedScope.current
    return RandomStream(seed: scope.seed, layer: scope.nextUserTensor(), call: 0, domain: .user)
  }
}
