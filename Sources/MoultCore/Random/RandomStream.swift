/// The purpose of random draws. Streams of different domains are independent.
package enum RandomDomain: UInt32, Sendable, CaseIterable {
  case training = 0
  case sampling = 1
  case shuffling = 2
  case initialization = 3
  case augmentation = 4
  case user = 5
}

/// The key of a random stream (Documentation/MaskLaw.md, "Stream"). A draw is a function of this key, the step, the
/// sample and the unit.
package struct RandomStream: Sendable, Equatable {
  package let key0: UInt32
  package let key1: UInt32
  /// The layer number from which the key was made. Layer, call and domain identify a recorded mask.
  package let layer: UInt32
  package let call: UInt32
  package let domain: RandomDomain

  /// A constant in the key function, `MOUL` in ASCII. It keeps stream keys apart from other uses of the generator with
  /// the same seed.
  private static let streamTag: UInt32 = 0x4D4F_554C

  package init(seed: UInt64, layer: UInt32, call: UInt32, domain: RandomDomain) {
    let words = Philox.block((layer, call, domain.rawValue, Self.streamTag), key: seed)
    (key0, key1) = (words.0, words.1)
    (self.layer, self.call, self.domain) = (layer, call, domain)
  }
}

/// Returns the stream for the initial values of the next parameter, and counts it. Its layer number is the number of
/// parameters made under the seed before.
package func nextInitializationStream() -> RandomStream {
  let scope = SeedScope.current
  return RandomStream(seed: scope.seed, layer: scope.nextParameter(), call: 0, domain: .initialization)
}

/// Returns the number of the stream for an optimizer's gradient noise: `stream`, in 0..<2^31, or, if it is nil, the
/// next number for streams without one.
package func gradientNoiseStream(_ stream: Int?) -> UInt32 {
  stream.map { checkedStream($0) } ?? SeedScope.current.nextUnnumberedLayer()
}

/// Returns standard normal noise in the shape and dtype of `gradient`, the gradient of an optimizer's parameter
/// `index`.
///
/// Each parameter has a call number of its own, counted down from 2^32 - 1 in the domain of augmentation, so that no
/// other draw of this domain has the same key.
package func gradientNoise(of index: Int, like gradient: Tensor, stream: UInt32, step: Int) -> Tensor {
  let call = .max - checkedMaskIndex(index, "gradientNoise", "index")
  return RandomStream(seed: SeedScope.current.seed, layer: stream, call: call, domain: .augmentation).normal(
    gradient.shape, mean: 0, standardDeviation: 1, dtype: gradient.dtype,
    step: checkedMaskIndex(step, "gradientNoise", "step"))
}

/// Returns the numbers `0 ..< count` in a random order that depends on `seed` and `epoch` only (Fisher-Yates shuffle).
package func shuffledIndices(count: Int, seed: UInt64, epoch: Int) -> [Int] {
  let stream = RandomStream(seed: seed, layer: 0, call: 0, domain: .shuffling)
  return stream.permutation(count, step: checkedMaskIndex(epoch, "shuffle", "epoch"))
}

extension RandomStream {
  /// Returns the numbers `0 ..< count` in a random order (Fisher-Yates shuffle).
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
  /// Returns a tensor of normally distributed random numbers.
  ///
  /// - Parameters:
  ///   - shape: The shape of the tensor.
  ///   - mean: The mean of the distribution.
  ///   - standardDeviation: The standard deviation of the distribution.
  ///   - dtype: Float32 or Float64; any other dtype stops the program.
  ///   - seed: The seed: calls with equal arguments return equal tensors. If it is nil, each call returns new numbers,
  ///     from the seed of the task (``withSeed(_:_:)``) or of the process (``setSeed(_:)``).
  /// - Complexity: O(*n*).
  public static func randomNormal(
    _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32, seed: UInt64? = nil
  ) -> Tensor {
    userStream(seed).normal(shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype)
  }

  /// Returns a tensor of random numbers that are uniform on `range`. Rounding to the dtype can give the upper bound
  /// itself.
  ///
  /// - Parameters:
  ///   - shape: The shape of the tensor.
  ///   - range: The bounds of the numbers.
  ///   - dtype: Float32 or Float64; any other dtype stops the program.
  ///   - seed: The seed: calls with equal arguments return equal tensors. If it is nil, each call returns new numbers,
  ///     from the seed of the task (``withSeed(_:_:)``) or of the process (``setSeed(_:)``).
  /// - Complexity: O(*n*).
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
