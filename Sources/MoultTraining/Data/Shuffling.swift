/// How the order of the samples of an epoch is drawn.
///
/// Every order is a function of the seed and the number of the epoch (Documentation/MaskLaw.md), the same on every
/// machine.
public enum Shuffling: Sendable, Hashable {
  /// A random permutation of all samples, kept as a list of 8 bytes for each sample.
  case permutation
  /// A random permutation of all samples that is computed index by index, for more samples than a list should hold: it
  /// keeps about 64 bytes for the square root of their number.
  case keyedPermutation
  /// Blocks of `size` neighboring samples in a random order, with the samples of each `buffered` blocks in a row
  /// shuffled among themselves: a file is read in long stretches, and only `buffered` blocks are in memory.
  ///
  /// Neighbors of a file that is sorted, such as by class, stay in the same part of an epoch: shuffle such a file once,
  /// or take more and smaller blocks.
  case blocks(of: Int, buffered: Int)
}
