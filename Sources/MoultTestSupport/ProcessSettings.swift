import MoultCore
import Synchronization

/// Settings that the whole process shares: one test at a time changes them, and puts them back. Tests that do not look
/// at them may go on meanwhile, because results do not depend on them.
public enum ProcessSettings {
  private static let lock = Mutex(())

  /// What `body` gives under each instruction set that this processor runs, the portable one first.
  public static func underEveryInstructionSet<R>(_ body: () throws -> R) rethrows -> [(name: String, result: R)] {
    var results: [(name: String, result: R)] = []
    try lock.withLock { _ in
      let before = Kernels.instructionSet
      defer { Kernels.use(before) }
      for name in Kernels.supported {
        Kernels.use(name)
        results.append((name, try body()))
      }
    }
    return results
  }

  /// What `body` gives with each of `counts` threads.
  public static func underThreadCounts<R>(_ counts: [Int], _ body: () throws -> R) rethrows -> [(count: Int, result: R)]
  {
    var results: [(count: Int, result: R)] = []
    try lock.withLock { _ in
      let before = threadCount
      defer { setThreadCount(before) }
      for count in counts {
        setThreadCount(count)
        results.append((count, try body()))
      }
    }
    return results
  }
}
