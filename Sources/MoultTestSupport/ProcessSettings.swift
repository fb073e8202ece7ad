import MoultCore
import Synchronization

/// Changes settings of the whole process for tests, one test at a time, and restores them. Other tests may run
/// meanwhile, because results do not depend on these settings.
public enum ProcessSettings {
  private static let lock = Mutex(())

  /// Runs `body` with each instruction set that the processor supports, the portable one first, and returns the
  /// results.
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

  /// Runs `body` with each number of threads in `counts` and returns the results.
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
