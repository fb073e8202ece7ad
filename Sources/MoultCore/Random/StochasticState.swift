import Synchronization

/// The state of a stochastic layer: its number, and its count of calls outside any step scope. Never a mask.
package final class StochasticState: Sendable {
  private struct Fields {
    var ordinal: UInt32?
    var uses: UInt64 = 0
    var samplingUses: UInt64 = 0
    /// The number of a layer that was never numbered, and the seed scope that it was counted in.
    var fallback: (scope: SeedScope, ordinal: UInt32)?

    /// Under another seed scope than before, where counts began afresh, the number is a new one: two layers never have
    /// the same.
    mutating func fallback(in scope: SeedScope, _ take: (SeedScope) -> UInt32) -> UInt32 {
      if let fallback, fallback.scope === scope { return fallback.ordinal }
      let ordinal = take(scope)
      fallback = (scope, ordinal)
      return ordinal
    }
  }

  private let fields: Mutex<Fields>
  /// Whether the number was given by `stream:` and stays.
  package let isPinned: Bool
  /// A state with the number `stream`, or with none yet.
  package init(stream: Int? = nil) {
    isPinned = stream != nil
    var fields = Fields(ordinal: stream.map { checkedStream($0) })
    // Made in a function that runs in passes, it is another layer in each and has the same number.
    if !isPinned { _ = fields.fallback(in: .current) { $0.nextUnnumberedLayer() } }
    self.fields = Mutex(fields)
  }

  /// The number that `train()`, `eval()`, a trainer or `stream:` gave the layer.
  package var ordinal: UInt32? {
    get { fields.withLock { $0.ordinal } }
    set { fields.withLock { $0.ordinal = newValue } }
  }

  /// Training uses outside any step scope; kept in checkpoints.
  package var uses: UInt64 {
    get { fields.withLock { $0.uses } }
    set { fields.withLock { $0.uses = newValue } }
  }

  /// Counts a call and returns the key of its masks.
  package func nextUse(_ mode: Mode) -> MaskUse {
    guard let domain = mode.domain else { fatalError("StochasticState: evaluation draws nothing") }
    return MaskScope.use(by: .layer(self), domain) { countedUse(mode, domain, $0) }
  }

  private func countedUse(_ mode: Mode, _ domain: RandomDomain, _ context: RandomContext?) -> MaskUse {
    let seeds = SeedScope.of(context), scope = context?.step
    let (layer, count) = fields.withLock { fields -> (UInt32, UInt64) in
      let layer = fields.ordinal ?? fields.fallback(in: seeds) { $0.takeUnnumberedLayer() }
      guard scope == nil else { return (layer, 0) }
      defer { if mode == .training { fields.uses += 1 } else { fields.samplingUses += 1 } }
      return (layer, mode == .training ? fields.uses : fields.samplingUses)
    }
    return MaskUse(
      seed: seeds.seed, layer: layer, domain: domain, scope: scope, user: .layer(self), useOutsideScopes: count)
  }
}

/// A stream number as a caller gives it.
func checkedStream(_ stream: Int) -> UInt32 {
  require((0..<(1 << 31)).contains(stream), "stream: expected a number in 0..<2^31, got \(stream)")
  return UInt32(stream)
}

/// One call of a stochastic layer: the key of its masks. The backward pass and recomputation use it again.
package struct MaskUse: Sendable, Equatable {
  package let stream: RandomStream
  private let firstStep: UInt32
  /// The passes that the use draws for at once, from `step` on; nil for one like any other.
  let passes: PassSpan?
  package let firstSample: UInt64
  package let sampleStride: UInt64
  /// Whether all samples have the draws of sample 0.
  let isShared: Bool

  init(
    seed: UInt64, layer: UInt32, domain: RandomDomain, scope: StepScope?, user: StepScope.User, useOutsideScopes: UInt64
  ) {
    if let scope {
      stream = RandomStream(seed: seed, layer: layer, call: scope.nextCall(user, domain), domain: domain)
      (firstStep, firstSample, sampleStride) = (scope.step, scope.firstSample, scope.sampleStride)
      passes = scope.passes
    } else {
      require(
        useOutsideScopes < 1 << 32, "dropout: a layer was used more than 2^32 times; number the steps with withStep")
      stream = RandomStream(seed: seed, layer: layer, call: 0, domain: domain)
      (firstStep, firstSample, sampleStride) = (UInt32(useOutsideScopes), 0, 1)
      passes = nil
    }
    isShared = false
    ForwardTrace.current?.drew(user.layer, self)
  }

  /// A use with everything given, as `moult mask` names it.
  package init(stream: RandomStream, step: UInt32, firstSample: UInt64 = 0, sampleStride: UInt64 = 1) {
    self.init(stream: stream, firstStep: step, firstSample: firstSample, sampleStride: sampleStride, passes: nil)
  }

  private init(
    stream: RandomStream, firstStep: UInt32, firstSample: UInt64, sampleStride: UInt64, passes: PassSpan?,
    isShared: Bool = false
  ) {
    (self.stream, self.firstStep, self.passes) = (stream, firstStep, passes)
    (self.firstSample, self.sampleStride, self.isShared) = (firstSample, sampleStride, isShared)
  }

  /// The step, or the number of the pass. Reading it in several passes makes them run in a loop: see ``PassSpan``.
  package var step: UInt32 {
    passes?.fallBackToLoop()
    return firstStep
  }

  /// The use of one of the passes, for some samples.
  func pass(_ number: Int, firstSample: UInt64, sampleStride: UInt64) -> MaskUse {
    MaskUse(stream: stream, step: firstStep + UInt32(number), firstSample: firstSample, sampleStride: sampleStride)
  }

  /// The use of the first pass for what has no rows of the input: wherever these begin, it begins with sample 0.
  var alone: MaskUse { pass(0, firstSample: 0, sampleStride: isShared ? 0 : 1) }

  /// A use that was recorded in a single pass, for the pass that is under way; any other as it is.
  func replayed(in passes: PassSpan?) -> MaskUse {
    guard self.passes?.count == 1 else { return self }
    return MaskUse(
      stream: stream, firstStep: firstStep, firstSample: firstSample, sampleStride: sampleStride, passes: passes,
      isShared: isShared)
  }

  package static func == (a: MaskUse, b: MaskUse) -> Bool {
    a.stream == b.stream && a.firstStep == b.firstStep && a.passes?.count == b.passes?.count
      && a.firstSample == b.firstSample
      && a.sampleStride == b.sampleStride
  }

  /// Counts a call of a functional form and returns the key of its masks; nil in evaluation.
  ///
  /// - Parameter stream: the stream's number, or nil for a stream of its own.
  package static func functional(_ mode: Mode, stream: Int?) -> MaskUse? {
    guard let domain = mode.domain else { return nil }
    let number = stream.map { checkedStream($0) }
    return MaskScope.use(by: number.map { .stream($0) }, domain) { context in
      let scope = context?.step, seeds = SeedScope.of(context)
      let layer = number ?? seeds.nextUnnumberedLayer()
      let uses = scope == nil && number != nil ? seeds.nextUse(ofStream: layer, mode: mode) : 0
      return MaskUse(
        seed: seeds.seed, layer: layer, domain: domain, scope: scope, user: .stream(layer), useOutsideScopes: uses)
    }
  }

  /// Counts a change of the training data and says which draws decide it: in a step scope those of layer 0, by its
  /// count there; else those of a stream of its own.
  package static func augmentation() -> MaskUse {
    let scope = StepScope.current, seeds = SeedScope.current
    let layer = scope == nil ? seeds.nextUnnumberedLayer() : 0
    return MaskUse(
      seed: seeds.seed, layer: layer, domain: .augmentation, scope: scope, user: .stream(layer), useOutsideScopes: 0)
  }

  /// The same draws for every sample: those of sample 0.
  package var sharedBySamples: MaskUse {
    MaskUse(stream: stream, firstStep: firstStep, firstSample: 0, sampleStride: 0, passes: passes, isShared: true)
  }
}
