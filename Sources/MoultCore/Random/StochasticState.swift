import Synchronization

/// The state of a stochastic layer: its number, and its count of calls outside any step scope. It never holds a mask.
package final class StochasticState: Sendable {
  private struct Fields {
    var ordinal: UInt32?
    var uses: UInt64 = 0
    var samplingUses: UInt64 = 0
    /// The number of a layer that was never numbered, from 2^31 up, and the seed scope that it was counted in.
    var fallback: (scope: SeedScope, ordinal: UInt32)?

    /// Returns the number of a layer that was never numbered. In another seed scope, where counts start again, the
    /// layer gets a new number, so that two layers never have the same.
    mutating func fallback(in scope: SeedScope, _ take: (SeedScope) -> UInt32) -> UInt32 {
      if let fallback, fallback.scope === scope { return fallback.ordinal }
      let ordinal = take(scope)
      fallback = (scope, ordinal)
      return ordinal
    }
  }

  private let fields: Mutex<Fields>
  /// Whether the number was set by `stream:` and does not change.
  package let isPinned: Bool
  /// Makes a state with the number `stream`, in 0..<2^31, or without a number if it is nil.
  package init(stream: Int? = nil) {
    isPinned = stream != nil
    var fields = Fields(ordinal: stream.map { checkedStream($0) })
    // A layer that is made in a function that runs in passes is a new layer in each pass, and has the same number in
    // each.
    if !isPinned { _ = fields.fallback(in: .current) { $0.nextUnnumberedLayer() } }
    self.fields = Mutex(fields)
  }

  /// The layer's number, which determines its masks; set by `train()`, `eval()`, a trainer or `stream:`, and nil if it
  /// was not set.
  package var ordinal: UInt32? {
    get { fields.withLock { $0.ordinal } }
    set { fields.withLock { $0.ordinal = newValue } }
  }

  /// The number of training uses outside any step scope. Checkpoints contain it.
  package var uses: UInt64 {
    get { fields.withLock { $0.uses } }
    set { fields.withLock { $0.uses = newValue } }
  }

  /// Sets the number and the counts of calls to those of another state.
  package func takeOver(from other: StochasticState) {
    let theirs = other.fields.withLock { $0 }
    fields.withLock { $0 = theirs }
  }

  /// Counts a call and returns the key of its masks. Stops the program in evaluation mode.
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

/// Returns the number of a stream as 32 bits. Stops the program if it is not in 0..<2^31.
func checkedStream(_ stream: Int) -> UInt32 {
  require((0..<(1 << 31)).contains(stream), "stream: expected a number in 0..<2^31, got \(stream)")
  return UInt32(stream)
}

/// The key of the masks of one call of a stochastic layer. The backward pass and recomputation use it again.
package struct MaskUse: Sendable, Equatable {
  /// The random stream, a function of seed, layer, call and domain.
  package let stream: RandomStream
  /// The step or, if passes run as one batch, the number of the first pass.
  private let firstStep: UInt32
  /// The passes that the call draws for at once; nil for an ordinary step.
  let passes: PassSpan?
  /// The index of the sample of row 0.
  package let firstSample: UInt64
  /// The difference between the samples of neighbouring rows.
  package let sampleStride: UInt64
  /// Whether all samples have the masks of sample 0.
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
    ForwardTrace.current?.addDraw(of: user.layer, use: self)
  }

  /// Makes a key from its values, for instance those of the command `moult mask`.
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

  /// The step, or the number of the pass. If several passes run as one batch, reading it makes them run in a loop
  /// instead: see ``PassSpan``.
  package var step: UInt32 {
    passes?.fallBackToLoop()
    return firstStep
  }

  /// Returns the key of one pass, counted from 0, for other samples.
  func pass(_ number: Int, firstSample: UInt64, sampleStride: UInt64) -> MaskUse {
    MaskUse(stream: stream, step: firstStep + UInt32(number), firstSample: firstSample, sampleStride: sampleStride)
  }

  /// The key of the first pass for a tensor that has no rows of the input, such as weights. Its samples start at 0,
  /// whatever the first sample of the input is.
  var alone: MaskUse { pass(0, firstSample: 0, sampleStride: isShared ? 0 : 1) }

  /// Returns the key for a replay in `passes`: a key that was recorded in a single pass takes the passes of the replay;
  /// any other key does not change.
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
  /// - Parameter stream: The number of the stream, in 0..<2^31. If it is nil, the calls of a step are numbered in their
  ///   order, and each call outside any step has a stream of its own.
  package static func functional(_ mode: Mode, stream: Int?) -> MaskUse? {
    guard let domain = mode.domain else { return nil }
    let number = stream.map { checkedStream($0) }
    return MaskScope.use(by: number.map { .stream($0) }, domain) { context in
      let scope = context?.step, seeds = SeedScope.of(context)
      let layer = number ?? (scope == nil ? seeds.takeUnnumberedLayer() : SeedScope.functionalLayer)
      let uses = scope == nil && number != nil ? seeds.nextUse(ofStream: layer, mode: mode) : 0
      return MaskUse(
        seed: seeds.seed, layer: layer, domain: domain, scope: scope, user: .stream(layer), useOutsideScopes: uses)
    }
  }

  /// Counts an augmentation of training data, such as mixup, and returns the key of its random draws. In a step scope
  /// it is a call of layer 0 in the domain of augmentation; outside, each call has a stream of its own.
  package static func augmentation() -> MaskUse {
    let scope = StepScope.current, seeds = SeedScope.current
    let layer = scope == nil ? seeds.nextUnnumberedLayer() : 0
    return MaskUse(
      seed: seeds.seed, layer: layer, domain: .augmentation, scope: scope, user: .stream(layer), useOutsideScopes: 0)
  }

  /// This key with the same draws for all samples: those of sample 0.
  package var sharedBySamples: MaskUse {
    MaskUse(stream: stream, firstStep: firstStep, firstSample: 0, sampleStride: 0, passes: passes, isShared: true)
  }
}
