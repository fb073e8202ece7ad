import Synchronization

/// A seed, with the counts of parameters, random tensors and layers made under it, which make their random streams
/// different.
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

  /// The layer number of all functional calls without a stream in a step; the call distinguishes them.
  static let functionalLayer = UInt32.max

  /// Returns the next layer number from 2^31 up, for a layer that was never numbered. A function that runs in passes
  /// gets the same numbers in each pass.
  func nextUnnumberedLayer() -> UInt32 {
    StepScope.current?.numbers?.next(takeUnnumberedLayer) ?? takeUnnumberedLayer()
  }

  /// Returns the next layer number from 2^31 up, for a layer that keeps its number or a functional call outside any
  /// step.
  func takeUnnumberedLayer() -> UInt32 {
    let count = counts.withLock { Self.take(&$0.unnumberedLayers, "unnumbered random layers") }
    require(
      count < Self.functionalLayer - (1 << 31),
      "dropout: more than 2^31 uses without a number; give the layers numbers with train() or `stream:`")
    return (1 << 31) + count
  }

  /// Returns the number of earlier uses of a functional stream in this mode outside any `withStep` scope, and counts
  /// one more.
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

/// Sets the seed of the process and resets the counts of parameters, layers and random tensors, so that the same
/// program with the same seed makes the same weights and draws the same masks. The default seed is 0.
public func setSeed(_ seed: UInt64) {
  SeedScope.process.withLock { $0 = SeedScope(seed: seed) }
}

/// Runs `body` with the seed `seed` and new counts of parameters, layers and random tensors, in this task and the tasks
/// that it starts.
public func withSeed<R>(_ seed: UInt64, _ body: () throws -> R) rethrows -> R {
  try RandomContext.$current.withValue(.with(SeedScope(seed: seed)), operation: body)
}

/// Runs an asynchronous `body` with the seed `seed` and new counts of parameters, layers and random tensors, in this
/// task and the tasks that it starts.
public func withSeed<R>(
  _ seed: UInt64, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await RandomContext.$current.withValue(.with(SeedScope(seed: seed)), operation: body)
}
