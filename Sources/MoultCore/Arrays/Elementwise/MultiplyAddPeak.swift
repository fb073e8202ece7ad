import CMoultKernels
import Synchronization

extension Kernels {
  /// The Float32 multiply-adds that all threads together do in a second, from registers: the best of some
  /// tries.
  package static func measuredMultiplyAddsPerSecond() -> Double {
    let rounds = 100_000, tries = 10, x = [Float](repeating: 0.5, count: 32), clock = ContinuousClock()
    var best = 0.0
    for _ in 0..<tries {
      let count = Atomic(0), start = clock.now
      parallelFor(threadCount, grain: 1, slices: threadCount) { range in
        var sum = [Float](repeating: 0, count: 16)
        for _ in range { count.add(mk_multiply_adds(rounds, x, &sum), ordering: .relaxed) }
      }
      best = max(best, Double(count.load(ordering: .relaxed)) / ((clock.now - start) / .seconds(1)))
    }
    return best
  }
}
