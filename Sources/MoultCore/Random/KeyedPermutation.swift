/// A random permutation of the numbers `0 ..< count` that is computed number by number, without a list of them.
///
/// A number `x` is written as `l + a · r` with `a = ⌈√count⌉` and `b = ⌈count / a⌉`. Rounds add to `l` a
/// random function of `r`, modulo `a`, and to `r` a random function of `l`, modulo `b`, in turns: 8 rounds, and 16
/// below 64 numbers, of which 8 would not give all orders the same probability. Each round can be undone, so all of
/// them together are a permutation of the `a · b` numbers. A result from `count` up is permuted again until it is
/// below: there are fewer than `2√count` such numbers.
///
/// - Complexity: O(√*count*) time and memory to make one, for the values of the random functions; O(1) for a number.
/// - Mask law: Documentation/MaskLaw.md, "Orders that are computed".
/// - Source: [Black and Rogaway 2002](https://doi.org/10.1007/3-540-45760-7_9), the generalized Feistel cipher with
///   cycle walking.
package struct KeyedPermutation: Sendable {
  /// The number of numbers.
  package let count: Int
  private let lowCount: Int
  private let highCount: Int
  /// The values of the random function of each round.
  private let rounds: [[Int]]

  /// Makes a permutation.
  ///
  /// - Parameters:
  ///   - count: The number of numbers, from 0 to 2^62.
  ///   - stream: The random stream. Equal streams, steps and samples give equal permutations.
  package init(_ count: Int, stream: RandomStream, step: UInt32, sample: UInt32 = 0) {
    require((0...1 << 62).contains(count), "KeyedPermutation: expected a count in 0...2^62, got \(count)")
    let lowCount = max(Self.rootRoundedUp(count), 1)
    let highCount = max((count + lowCount - 1) / lowCount, 1)
    (self.count, self.lowCount, self.highCount) = (count, lowCount, highCount)
    rounds = (0..<(count < 64 ? 16 : 8)).map { round in
      let (argumentCount, bound) = round.isMultiple(of: 2) ? (highCount, lowCount) : (lowCount, highCount)
      return stream.bits(argumentCount, step: step, sample: sample, draw: UInt32(round))
        .map { Int($0.multipliedFullWidth(by: UInt64(bound)).high) }
    }
  }

  /// The number at place `index` of the permutation.
  package subscript(index: Int) -> Int {
    require((0..<count).contains(index), "KeyedPermutation: expected an index in 0..<\(count), got \(index)")
    var number = index
    repeat { number = permuted(number) } while number >= count
    return number
  }

  private func permuted(_ number: Int) -> Int {
    var (high, low) = number.quotientAndRemainder(dividingBy: lowCount)
    for round in stride(from: 0, to: rounds.count, by: 2) {
      low += rounds[round][high]
      if low >= lowCount { low -= lowCount }
      high += rounds[round + 1][low]
      if high >= highCount { high -= highCount }
    }
    return low + lowCount * high
  }

  /// Returns the least number whose square is `count` or more.
  private static func rootRoundedUp(_ count: Int) -> Int {
    var root = Int(Double(count).squareRoot())
    while root * root < count { root += 1 }
    while root > 0, (root - 1) * (root - 1) >= count { root -= 1 }
    return root
  }
}
