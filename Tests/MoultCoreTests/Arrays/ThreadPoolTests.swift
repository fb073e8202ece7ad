import Foundation
import MoultCore
import MoultPlatform
import MoultTestSupport
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [(0, 1), (1, 1), (7, 1), (100, 3), (1000, 64), (1000, 1000), (1000, 999), (4097, 1), (5, 0)])
  func rangesCoverEverythingOnceAndBeginAtMultiplesOfTheGrain(count: Int, grain: Int) {
    for (_, ranges) in ProcessSettings.underThreadCounts(
      [1, 2, 3, 4, 7],
      {
        let ranges = Mutex<[Range<Int>]>([]), threadsSeen = Mutex<Set<UInt>>([])
        parallelFor(count, grain: grain) { range in
          ranges.withLock { $0.append(range) }
          threadsSeen.withLock { _ = $0.insert(UInt(bitPattern: pthread_self().hashValue)) }
        }
        expectAtMost(threadsSeen.withLock { $0.count }, threadCount)
        return ranges.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
      })
    {
      expectEqual(ranges.flatMap { Array($0) }, Array(0..<count))
      expectTrue(ranges.allSatisfy { $0.lowerBound.isMultiple(of: max(grain, 1)) && !$0.isEmpty })
    }
  }

  @Test func workInsideWorkRunsAlone() {
    let results = ProcessSettings.underThreadCounts([4]) {
      let total = Atomic<Int>(0)
      parallelFor(8, grain: 1) { outer in
        for i in outer { parallelFor(100, grain: 1) { _ = total.add($0.count * (i + 1), ordering: .relaxed) } }
      }
      return total.load(ordering: .relaxed)
    }
    expectEqual(results[0].result, 3600)
  }

  @Test func tasksShareThePool() async {
    let wanted = matmul(samples([40, 300], dtype: .float32), samples([300, 50], dtype: .float32, seed: 2))
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<6 {
        group.addTask {
          (0..<30).allSatisfy { _ in
            sameBits(
              matmul(samples([40, 300], dtype: .float32), samples([300, 50], dtype: .float32, seed: 2)), wanted)
          }
        }
      }
      for await right in group { expectTrue(right) }
    }
  }

  /// Big enough for every operation to be split.
  @Test func resultsDoNotDependOnTheNumberOfThreads() {
    let x = samples([300, 700], dtype: .float32), w = samples([333, 700], dtype: .float32, seed: 2)
    let results = ProcessSettings.underThreadCounts([1, 2, 3, 4, 8]) {
      withSeed(3) {
        [
          matmul(x, w.transposed()), matmul(x.transposed(), x), x.sum(), x.sum(axis: 0), x.sum(axis: 1), exp(x),
          x * w[0],
          softmax(x), logSoftmax(x, axis: 0), x.mean(axis: 1), dropout(x, rate: 0.3, mode: .training, stream: 1),
          linear(x, weight: w, bias: nil), x.cast(to: .float64).sum(), tanh(x) + x,
        ]
      }
    }
    for (threads, tensors) in results.dropFirst() {
      for (i, tensor) in tensors.enumerated() {
        expectTrue(sameBits(tensor, results[0].result[i]), "operation \(i) with \(threads) threads")
      }
    }
  }

  @Test func theEnvironmentSetsTheNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      setenv("MOULT_THREADS", "3", 1)
      guard threadCount == 3 else { fatalError("\(threadCount) threads") }
    }
    await #expect(processExitsWith: .success) {
      setenv("MOULT_THREADS", "none", 1)
      guard threadCount >= 1 else { fatalError("\(threadCount) threads") }
    }
  }

  @Test func noThreadsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { setThreadCount(0) }
    expectTrue(text(result).contains("setThreadCount: expected 1 to 256 threads, got 0"))
  }
}
