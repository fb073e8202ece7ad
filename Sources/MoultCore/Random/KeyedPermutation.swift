/// A random permutation of the numbers `0 ..< count` that is computed number by number, without a table of them.
///
/// A number `x` is written as `l + a · r` with `a = ⌈√count⌉` and `b = ⌈count / a⌉`. Rounds add to `l` a random
/// function of `r`, modulo `a`, and to `r` a random function of `l`, modulo `b`, in turns: 8 rounds, and 16 below 64
/// numbers, of which 8 would not give all orders the same probability. Each round can be undone, so all of them
/// together are a permutation of the `a · b` numbers. A result from `count` up is permuted again until it
/// is below: there are fewer than `2√count` such numbers.
///
/// - Complexity: O(1) memory and, on average, a little more than one Philox block for each round.
/// - Mask law: Documentation/MaskLaw.md, "Orders that are computed".
/// - Source: [Black and Rogaway 2002](https://doi.org/10.1007/3-540-45760-7_9), the generalized Feistel cipher with
///   cycle walking.
package struct KeyedPermutation: Sendable {
  /// The part of the first round (Documentation/MaskLaw.md, "Other draws"); round `j` has part `1024 + j`.
  private static let firstPart: UInt32 = 1024

  /// The number of numbers.
  package let count: Int
  private let lowCount: Int
  private let highCount: Int
  private let rounds: UInt32
  private let key: UInt64
  private let step: UInt32
  private let sample: UInt32

  /// Makes a permutation.
  ///
  /// - Parameters:
  ///   - count: The number of numbers, from 0 to 2^62.
  ///   - stream: The random stream. Equal streams, steps and samples give equal permutations.
  package init(_ count: Int, stream: RandomStream, step: UInt32, sample: UInt32 = 0) {
    require((0...1 << 62).contains(count), "KeyedPermutation: expected a count in 0...2^62, got \(count)")
    self.count = count
    lowCount = max(Self.rootRoundedUp(count), 1)
    highCount = max((count + lowCount - 1) / lowCount, 1)
    rounds = count < 64 ? 16 : 8
    key = UInt64(stream.key1) << 32 | UInt64(stream.key0)
    (self.step, self.sample) = (step, sample)
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
    for round in 0..<rounds {
      if round.isMultiple(of: 2) {
        low = (low + value(high, below: lowCount, round: round)) % lowCount
      } else {
        high = (high + value(low, below: highCount, round: round)) % highCount
      }
    }
    return low + lowCount * high
  }

  /// Returns the random function of a round: `⌊v · bound / 2^64⌋` for the 64 bits `v` of unit `unit`.
  private func value(_ unit: Int, below bound: Int, round: UInt32) -> Int {
    let words = Philox.block((UInt32(unit / 2), sample, step, 64 * (Self.firstPart + round)), key: key)
    let bits =
      unit.isMultiple(of: 2)
      ? UInt64(words.1) << 32 | UInt64(words.0) : UInt64(words.3) << 32 | UInt64(words.2)
    return Int(bits.multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Returns the least number whose square is `count` or more.
  private static func rootRoundedUp(_ count: Int) -> Int {
    var root = Int(Double(count).squareRoot())
    while root * root < count { root += 1 }
    while root > 0, (root - 1) * (root - 1) >= count { root -= 1 }
    return root
  }
}
