/// The identity of the current training step: two calls in the same step have equal identities.
package struct StepIdentity: Equatable, Sendable {
  private let seeds: SeedScope
  private let step: UInt32

  /// The identity of the innermost `withStep` scope; nil outside of any.
  package static var current: StepIdentity? {
    StepScope.current.map { StepIdentity(seeds: SeedScope.current, step: $0.step) }
  }

  package static func == (a: StepIdentity, b: StepIdentity) -> Bool { a.seeds === b.seeds && a.step == b.step }
}

/// Whether masks are replayed from a record, so that the current computation repeats an earlier one.
package var isReplayingMasks: Bool { MaskScope.current?.replay != nil }
