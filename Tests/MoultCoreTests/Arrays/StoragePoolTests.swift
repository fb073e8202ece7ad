import MoultCore
import MoultTestSupport
import Testing

@Suite(.serialized) struct StoragePoolTests {
  @Test func theCacheKeepsNoMoreThanItsLimit() async {
    let result = await #expect(processExitsWith: .success) {
      setBufferCacheLimit(1 << 20)
      let sizes = [1 << 10, 1 << 14, 1 << 16, 1 << 17]
      for round in 0..<40 {
        let tensors = sizes.map { Tensor.zeros([$0 + round * 100]) }
        withExtendedLifetime(tensors) {}
        guard StoragePool.cachedBytes <= 1 << 20 else { fatalError("round \(round): \(StoragePool.cachedBytes)") }
      }
      guard StoragePool.cachedBytes > 0 else { fatalError("nothing is kept") }
      setBufferCacheLimit(0)
      guard StoragePool.cachedBytes == 0 else { fatalError("after 0: \(StoragePool.cachedBytes)") }
    }
    expectTrue(result != nil)
  }

  /// The oldest buffers go first: one that is in use again and again stays.
  @Test func theOldestBufferIsEvicted() async {
    await #expect(processExitsWith: .success) {
      setBufferCacheLimit(3 << 20)
      _ = Tensor.zeros([1 << 18])  // 1 MiB, freed first
      for size in [5, 6] { _ = Tensor.zeros([size << 16]) }  // 1.25 and 1.5 MiB
      let fresh = StoragePool.freshAllocations
      _ = Tensor.zeros([6 << 16])
      guard StoragePool.freshAllocations == fresh else { fatalError("the newest buffer was evicted") }
      _ = Tensor.zeros([1 << 18])
      guard StoragePool.freshAllocations == fresh + 1 else { fatalError("the oldest buffer was kept") }
    }
  }
}
