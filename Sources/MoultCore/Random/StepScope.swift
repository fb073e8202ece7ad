import Synchronization

/// The scope of a training step, or of a part of it, that fixes which masks are drawn.
final class StepScope: Sendable {
  let step: UInt32
  let firstSample: UInt64
  let sampleStride: UInt64
  /// The passes that run as one pass-major batch in this scope; nil for an ordinary step.
  let passes: PassSpan?
  /// The numbers of layers without a number, if a function runs in passes; a `withStep` scope inside it uses them too.
  let numbers: NumberedRun?
  private let calls = Mutex<[Key: UInt32]>([:])

  /// The user whose mask calls are counted: a layer or a functional stream.
  enum User: Hashable {
    case layer(StochasticState)
    case stream(UInt32)

    /// The layer; nil for a stream.
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

  /// A user and a mode, for which mask calls are counted. Calls in training and in sampling are counted separately.
  private struct Key: Hashable {
    let user: User
    let domain: RandomDomain
  }

  static var current: StepScope? { RandomContext.current?.step }

  init(step: Int, firstSample: Int, sampleStride: Int, passes: PassSpan? = nil) {
    // An inner scope assigns samples to all rows, which is wrong for the rows of a pass-major batch.
    let outer = StepScope.current
    outer?.passes?.fallBackToLoop()
    self.passes = passes
    numbers = passes?.numbers ?? outer?.numbers
    self.step = checkedMaskIndex(step, "withStep", "step")
    self.firstSample = UInt64(checkedMaskIndex(firstSample, "withStep", "firstSample"))
    self.sampleStride = UInt64(checkedMaskIndex(sampleStride, "withStep", "sampleStride"))
  }

  /// Returns the number of the user's next mask call in this scope, from 0, and counts it.
  func nextCall(_ user: User, _ domain: RandomDomain) -> UInt32 {
    let key = Key(user: user, domain: domain)
    return calls.withLock { calls in
      defer { calls[key, default: 0] += 1 }
      return calls[key, default: 0]
    }
  }
}

/// Returns a step, a sample index or another number that determines masks as 32 bits. Stops the program if it is not in
/// 0..<2^32.
package func checkedMaskIndex(
  _ value: Int, _ caller: @autoclosure () -> String, _ name: @autoclosure () -> String
) -> UInt32 {
  guard let narrow = UInt32(exactly: value) else {
    fatalError("\(caller()): expected \(name()) in 0..<2^32, got \(value)")
  }
  return narrow
}

/// Runs `body` with a fixed step and fixed sample indices, which determine the masks that layers draw in it.
///
/// Two micro-batches of one step draw the masks of the whole batch:
///
///     withStep(t) { model(batch) }                             // rows 0 ..< 100
///     withStep(t) { model(batch[0..<60]) }                     // the same masks, row by row
///     withStep(t, firstSample: 60) { model(batch[60..<100]) }
///
/// Outside any scope each layer uses its own count of uses as the step, so that each use draws new masks.
/// - Parameters:
///   - step: the number of the step, or of the pass in sampling, in 0 ..< 2^32.
///   - firstSample: the index of the sample of row 0, in 0 ..< 2^32.
///   - sampleStride: the difference between the samples of neighbouring rows, in 0 ..< 2^32; the number of workers, if
///     rows are assigned to workers in turn.
public func withStep<R>(
  _ step: Int, firstSample: Int = 0, sampleStride: Int = 1, _ body: () throws -> R
) rethrows -> R {
  try RandomContext.$current.withValue(
    .with(StepScope(step: step, firstSample: firstSample, sampleStride: sampleStride)), operation: body)
}

/// Runs an asynchronous `body` with a fixed step and fixed sample indices, which determine the masks that layers draw
/// in it.
public func withStep<R>(
  _ step: Int, firstSample: Int = 0, sampleStride: Int = 1, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> R
) async rethrows -> R {
  try await RandomContext.$current.withValue(
    .with(StepScope(step: step, firstSample: firstSample, sampleStride: sampleStride)), operation: body)
}
