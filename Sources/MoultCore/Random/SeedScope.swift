import Synchronization

/// A seed and what has been made under it: the counts that tell one draw from the next.
final class SeedScope: Sendable {
  let seed: UInt64
  private let counts = Mutex(Counts())

  private struct Counts {
    var parameters: UInt32 = 0
    var userTensors: UInt32 = 0
    var unnumberedLayers: UInt32 = 0
    var streamUses: [UInt64: UInt64] = [:]
  }

  init(seed: UInt64) { self.seed = seed }

  static let process = Mutex(SeedScope(seed: 0))

  static var current: SeedScope { of(RandomContext.current) }

  /// The seed of a context, else that of the process.
  static func of(_ context: RandomContext?) -> SeedScope { context?.seeds ?? process.withLock { $0 } }

  func nextParameter() -> UInt32 { counts.withLock { Self.take(&$0.parameters, "parameters") } }
  func nextUserTensor() -> UInt32 { counts.withLock { Self.take(&$0.userTensors, "random tensors") } }

  /// Ordinals from 2^31 belong to layers that were never numbered and to functional calls without a stream; the same
  /// ones in every pass of a function that runs in passes.
  func nextUnnumberedLayer() -> UInt32 {
    StepScope.current?.numbers?.next(takeUnnumberedLayer) ?? takeUnnumberedLayer()
  }

  /// The next of these ordinals, for a layer that keeps it.
  func takeUnnumberedLayer() -> UInt32 {
    let count = counts.withLock { Self.take(&$0.unnumberedLayers, "unnumbered random layers") }
    require(
      count < 1 << 31,
      "dropout: more than 2^31 uses without a number; give the layers numbers with train() or `stream:`")
    return (1 << 31) + count
  }

  /// Uses of a functional stream outside any `withStep` scope.
  func nextUse(ofStream stream: UInt32, mode: Mode) -> UInt64 {
    counts.withLock { counts in
      let key = UInt64(stream) | (mode == .sampling ? 1 << 32 : 0)
      defer { counts.streamUses[key, default: 0] += 1 }
      return counts.streamUses[key, default: 0]
    }
  }

  private static func take(_ count: inout UInt32, _ what: String) -> UInt32 {
    require(count < .max, "random draws: more than 2^32 - 1 \(what) under one seed")
    defer { count += 1 }
    return count
  }
}

/// Sets the seed of the process, and starts the counts of parameters, layers and random tensors afresh: the same
/// program under the same seed builds the same weights and draws the same masks. The seed is 0 until then.
public func setSeed(_ seed: UInt64) {
  SeedScope.process.withLock { $0 = SeedScope(seed: seed) }
}

/// Uses `seed` and fresh counts for `body`, in this task and the ones it starts.
public func withSeed<R>(_ seed: UInt64, _ body: () throws -> R) rethrows -> R {
  try RandomContext.$current.withValue(.with(SeedScope(seed: seed)), operation: body)
}

/// Uses `seed` and fresh counts for an asynchronous `body`.
public func withSeed<R>(
  _ seed: UInt64, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await RandomContext.$current.withValue(.with(SeedScope(seed: seed)), operation: body)
}
