import MoultCore
import MoultTestSupport
import Testing

@Suite struct StorageTests {
  @Test(arguments: [0, 1, 255, 256, 257, 1000, 1024, 1025, 1 << 20, (1 << 20) + 1, 3 << 30])
  func sizeClassesHoldWhatIsAskedAndWasteAtMostAQuarter(bytes: Int) {
    let (index, capacity) = StoragePool.sizeClass(bytes)
    expectTrue(capacity >= bytes && (bytes <= 256 || capacity * 4 <= bytes * 5 + 4))
    expectTrue(StoragePool.sizeClass(capacity) == (index, capacity), "a buffer goes back to the shelf it came from")
  }

  @Test func buffersAreAlignedForVectors() {
    for count in [0, 1, 100, 5000] {
      expectEqual(UInt(bitPattern: Storage(count: count, dtype: .float32).pointer) % 64, 0)
    }
  }

  /// In a process of its own: others would take buffers meanwhile.
  @Test func aSteadyLoopTakesNothingFromTheSystem() async {
    await #expect(processExitsWith: .success) {
      let weight = Parameter(samples([50, 40], dtype: .float32)), bias = Parameter(samples([50], dtype: .float32))
      let x = samples([20, 40], dtype: .float32)
      func step() {
        let hidden = dropout(
          relu(linear(x, weight: weight.value, bias: bias.value)), rate: 0.5, mode: .training, stream: 0)
        (softmax(hidden) * hidden).sum().backward()
        for parameter in [weight, bias] {
          parameter.update { pointer, count in pointer.assumingMemoryBound(to: Float.self)[count - 1] += 0.1 }
          parameter.clearGradient()
        }
      }
      for _ in 0..<5 { step() }
      let before = StoragePool.freshAllocations
      for _ in 0..<50 { step() }
      guard StoragePool.freshAllocations == before else {
        fatalError("took \(StoragePool.freshAllocations - before) buffers")
      }
    }
  }

  @Test func aTensorBeyondMemoryStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1 << 46])
    }
    expectTrue(text(result).contains("Tensor: 70368744177664 elements of float32 do not fit in memory"))
  }
}
