/// Which step of training is under way: two calls in the same step have equal identities.
package struct StepIdentity: Equatable, Sendable {
  private let seeds: SeedScope
  private let step: UInt32

  /// The step of the innermost `withStep`; nil outside of any.
  package static var current: StepIdentity? {
    StepScope.current.map { StepIdentity(seeds: SeedScope.current, step: $0.step) }
  }

  package static func == (a: StepIdentity, b: StepIdentity) -> Bool { a.seeds === b.seeds && a.step == b.step }
}

/// Whether masks come from a record, so that what runs now has run before.
package var isReplayingMasks: Bool { MaskScope.current?.replay != nil }
