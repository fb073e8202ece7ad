import Synchronization

/// The numbers of layers and functional calls without a number of their own, in a function that is run again and again:
/// the first has the same in each run, and so on.
package final class RepeatedNumbers: Sendable {
  private let taken = Mutex<[UInt32]>([])

  package init() {}

  /// The number at `place` of a run; a new one is made by `take`.
  subscript(place: Int, take: () -> UInt32) -> UInt32 {
    taken.withLock { taken in
      while taken.count <= place { taken.append(take()) }
      return taken[place]
    }
  }
}

/// One run of such a function, which counts its numbers.
final class NumberedRun: Sendable {
  private let numbers: RepeatedNumbers
  private let count = Atomic<Int>(0)

  init(_ numbers: RepeatedNumbers) { self.numbers = numbers }

  func next(_ take: () -> UInt32) -> UInt32 { numbers[count.wrappingAdd(1, ordering: .relaxed).oldValue, take] }
}
