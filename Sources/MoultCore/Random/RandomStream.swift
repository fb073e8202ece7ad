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
  /// The inputs of the key, by which a recorded mask is recognised.
  package let layer: UInt32
  package let call: UInt32
  package let domain: RandomDomain

  /// `MOUL` in ASCII: keeps stream keys apart from other uses of the generator under the same seed.
  private static let streamTag: UInt32 = 0x4D4F_554C

  package init(seed: UInt64, layer: UInt32, call: UInt32, domain: RandomDomain) {
    let words = Philox.block((layer, call, domain.rawValue, Self.streamTag), key: seed)
    (key0, key1) = (words.0, words.1)
    (self.layer, self.call, self.domain) = (layer, call, domain)
  }
}

/// The stream that the next parameter is initialised from: its layer is the count of parameters made under the seed.
package func nextInitializationStream() -> RandomStream {
  let scope = SeedScope.current
  return RandomStream(seed: scope.seed, layer: scope.nextParameter(), call: 0, domain: .initialization)
}

/// The number of the stream that an optimizer draws its gradient noise from: `stream`, or one of its own by the count
/// of what was made without a number.
package func gradientNoiseStream(_ stream: Int?) -> UInt32 {
  stream.map { checkedStream($0) } ?? SeedScope.current.nextUnnumberedLayer()
}

/// Standard normal noise for the gradient of an optimizer's parameter `index`: calls of its stream from the last one
/// down in the domain of noise, so that nothing else there can be the same.
package func gradientNoise(of index: Int, like gradient: Tensor, stream: UInt32, step: Int) -> Tensor {
  let call = .max - checkedMaskIndex(index, "gradientNoise", "index")
  return RandomStream(seed: SeedScope.current.seed, layer: stream, call: call, domain: .augmentation).normal(
    gradient.shape, mean: 0, standardDeviation: 1, dtype: gradient.dtype,
    step: checkedMaskIndex(step, "gradientNoise", "step"))
}

/// The numbers `0 ..< count` in an order that is a function of seed and epoch alone (Fisher-Yates).
package func shuffledIndices(count: Int, seed: UInt64, epoch: Int) -> [Int] {
  let stream = RandomStream(seed: seed, layer: 0, call: 0, domain: .shuffling)
  return stream.permutation(count, step: checkedMaskIndex(epoch, "shuffle", "epoch"))
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
  /// Without `seed` each call draws anew from the process's or task's seed; with it the result is a function of the
  /// seed and the shape.
  public static func randomNormal(
    _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32, seed: UInt64? = nil
  ) -> Tensor {
    userStream(seed).normal(shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype)
  }

  /// A tensor of numbers spread evenly over `range`.
  ///
  /// Without `seed` each call draws anew from the process's or task's seed; with it the result is a function of the
  /// seed and the shape.
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
