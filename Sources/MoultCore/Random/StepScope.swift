import Synchronization

/// A training step, or a part of one, that fixes which masks are drawn.
final class StepScope: Sendable {
  let step: UInt32
  let firstSample: UInt64
  let sampleStride: UInt64
  /// The passes that run as one pass-major batch; nil for a step like any other.
  let passes: PassSpan?
  /// The run of a function in passes that this is a part of, even if it is a step of its own.
  let numbers: NumberedRun?
  private let calls = Mutex<[Key: UInt32]>([:])

  /// Whose uses are counted: a layer's, or a functional stream's.
  enum User: Hashable {
    case layer(StochasticState)
    case stream(UInt32)

    /// The layer, if it is one.
    var layer: StochasticState? {
      if case .layer(let state) = self { state } else { nil }
    }

    static func == (a: User, b: User) -> Bool {
      switch (a, b) {
      case (.layer(let a), .layer(let b)): a === b
      case (.stream(let a), .stream(let b)): a == b
      default: false
      }
    }

    func hash(into hasher: inout Hasher) {
      switch self {
      case .layer(let state): hasher.combine(ObjectIdentifier(state))
      case .stream(let number): hasher.combine(number)
      }
    }
  }

  /// Training and sampling are counted apart: neither disturbs the other.
  private struct Key: Hashable {
    let user: User
    let domain: RandomDomain
  }

  static var current: StepScope? { RandomContext.current?.step }

  init(step: Int, firstSample: Int, sampleStride: Int, passes: PassSpan? = nil) {
    // Rows of a pass-major batch are not the samples that a scope inside it means.
    let outer = StepScope.current
    outer?.passes?.fallBackToLoop()
    self.passes = passes
    numbers = passes?.numbers ?? outer?.numbers
    self.step = checkedMaskIndex(step, "withStep", "step")
    self.firstSample = UInt64(checkedMaskIndex(firstSample, "withStep", "firstSample"))
    self.sampleStride = UInt64(checkedMaskIndex(sampleStride, "withStep", "sampleStride"))
  }

  func nextCall(_ user: User, _ domain: RandomDomain) -> UInt32 {
    let key = Key(user: user, domain: domain)
    return calls.withLock { calls in
      defer { calls[key, default: 0] += 1 }
      return calls[key, default: 0]
    }
  }
}

/// A number that the mask law takes as 32 bits.
func checkedMaskIndex(_ value: Int, _ caller: @autoclosure () -> String, _ name: @autoclosure () -> String) -> UInt32 {
  guard let narrow = UInt32(exactly: value) else {
    fatalError("\(caller()): expected \(name()) in 0..<2^32, got \(value)")
  }
  return narrow
}

/// Fixes the step, and the sample that each row stands for, of the masks that layers draw inside `body`.
///
/// Two micro-batches of a step draw the masks of the whole batch:
///
///     withStep(t) { model(batch) }                             // rows 0 ..< 100
///     withStep(t) { model(batch[0..<60]) }                     // the same masks, row by row
///     withStep(t, firstSample: 60) { model(batch[60..<100]) }
///
/// Outside any scope each layer uses its own count of training uses as the step: every use draws anew.
/// - Parameters:
///   - step: the number of the step (or of the pass, in sampling), 0 ..< 2^32.
///   - firstSample: the sample that row 0 stands for.
///   - sampleStride: by how much samples of neighbouring rows differ; the number of workers, if rows are dealt out.
public func withStep<R>(
  _ step: Int, firstSample: Int = 0, sampleStride: Int = 1, _ body: () throws -> R
) rethrows -> R {
  try RandomContext.$current.withValue(
    .with(StepScope(step: step, firstSample: firstSample, sampleStride: sampleStride)), operation: body)
}

/// Fixes the step and samples for an asynchronous `body`.
public func withStep<R>(
  _ step: Int, firstSample: Int = 0, sampleStride: Int = 1, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> R
) async rethrows -> R {
  try await RandomContext.$current.withValue(
    .with(StepScope(step: step, firstSample: firstSample, sampleStride: sampleStride)), operation: body)
}
