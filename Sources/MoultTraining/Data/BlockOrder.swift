import MoultCore

/// The order of samples that are shuffled in blocks: `Shuffling.blocks(of:buffered:)`.
///
/// The blocks are put in a random order. Each `buffered` blocks in that order are a group, whose samples are in a
/// random order. All is computed index by index.
struct BlockOrder: Sendable {
  private let count: Int
  private let size: Int
  private let groupSize: Int
  /// The number of samples that the last block of the file lacks.
  private let missing: Int
  /// The place of the last block of the file in the order of blocks.
  private let shortPlace: Int
  private let blocks: KeyedPermutation
  private let stream: RandomStream
  private let step: UInt32

  /// Makes the order of `count` samples for an epoch.
  ///
  /// - Complexity: O(number of blocks) time, memory of its square root.
  init(_ count: Int, blocksOf size: Int, buffered: Int, by key: EpochKey) {
    require(
      size > 0 && buffered > 0,
      "Shuffling.blocks(of:buffered:): expected numbers from 1 on, got \(size) and \(buffered)")
    let size = min(size, max(count, 1)), blockCount = (count + size - 1) / size
    (self.count, self.size) = (count, size)
    groupSize = size * min(buffered, max(blockCount, 1))
    missing = blockCount * size - count
    let blocks = KeyedPermutation(
      blockCount, stream: RandomStream(seed: key.seed, layer: 1, call: 0, domain: .shuffling), step: key.step)
    self.blocks = blocks
    shortPlace = (0..<blockCount).first { blocks[$0] == blockCount - 1 } ?? 0
    stream = RandomStream(seed: key.seed, layer: 2, call: 0, domain: .shuffling)
    step = key.step
  }

  /// Returns the indices of the samples at `positions`.
  func indices(_ positions: Range<Int>) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(positions.count)
    var position = positions.lowerBound
    while position < positions.upperBound {
      let group = group(of: position), start = start(ofGroup: group)
      let end = min(start + groupSize - (isShort(group) ? missing : 0), count)
      let order = KeyedPermutation(
        end - start, stream: stream, step: step, sample: checkedMaskIndex(group, "Shuffling.blocks", "group"))
      let last = min(end, positions.upperBound)
      for position in position..<last {
        let place = place(start: group * groupSize, offset: order[position - start])
        result.append(blocks[place / size] * size + place % size)
      }
      position = last
    }
    return result
  }

  /// Whether the last block of the file is in a group.
  private func isShort(_ group: Int) -> Bool { shortPlace * size / groupSize == group }

  private func start(ofGroup group: Int) -> Int {
    group * groupSize - (shortPlace * size < group * groupSize ? missing : 0)
  }

  private func group(of position: Int) -> Int {
    // As if no block were short; behind the short one this may be one group too early.
    let group = position / groupSize
    return start(ofGroup: group + 1) <= position ? group + 1 : group
  }

  /// Returns the place of a sample in the order of blocks if no block were short.
  ///
  /// - Parameters:
  ///   - start: The place of the first sample of its group if no block were short.
  ///   - offset: The place of the sample in its group, in the order of blocks.
  private func place(start: Int, offset: Int) -> Int {
    let shortEnd = (shortPlace + 1) * size - missing
    // Behind the end of the short block in its group, places are later by the samples that it lacks.
    let isBehind = start + offset >= shortEnd && start < (shortPlace + 1) * size
    return start + offset + (isBehind ? missing : 0)
  }
}
