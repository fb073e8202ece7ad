import CMoultKernels
import Synchronization

extension Kernels {
  /// Measures the peak speed of arithmetic: the number of Float32 multiply-adds on registers that all threads together
  /// compute in a second. Returns the best of ten measurements.
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
