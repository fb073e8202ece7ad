import Synchronization

/// The numbers of layers that have no number of their own, for a function that is run several times: the `i`th of them
/// gets the same number in each run.
package final class RepeatedNumbers: Sendable {
  private let taken = Mutex<[UInt32]>([])

  package init() {}

  /// The number at position `place` of a run, from 0. A new number is made by `take`.
  subscript(place: Int, take: () -> UInt32) -> UInt32 {
    taken.withLock { taken in
      while taken.count <= place { taken.append(take()) }
      return taken[place]
    }
  }
}

/// One run of the function, which counts the numbers it has used.
final class NumberedRun: Sendable {
  private let numbers: RepeatedNumbers
  private let count = Atomic<Int>(0)

  init(_ numbers: RepeatedNumbers) { self.numbers = numbers }

  func next(_ take: () -> UInt32) -> UInt32 { numbers[count.wrappingAdd(1, ordering: .relaxed).oldValue, take] }
}
