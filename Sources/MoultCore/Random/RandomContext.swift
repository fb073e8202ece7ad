/// Everything of a task that decides its draws, under one task-local value: the seed with its counts, the step, and the
/// recordings and the replay of masks.
final class RandomContext: Sendable {
  /// The seed of ``withSeed(_:_:)``; nil for that of the process.
  let seeds: SeedScope?
  /// The step of ``withStep(_:firstSample:sampleStride:_:)``; nil outside.
  let step: StepScope?
  /// Nil where masks are neither recorded nor replayed.
  let masks: MaskScope?

  @TaskLocal static var current: RandomContext?

  private init(seeds: SeedScope?, step: StepScope?, masks: MaskScope?) {
    (self.seeds, self.step, self.masks) = (seeds, step, masks)
  }

  /// The current context with another seed.
  static func with(_ seeds: SeedScope) -> RandomContext {
    RandomContext(seeds: seeds, step: current?.step, masks: current?.masks)
  }

  /// The current context with another step.
  static func with(_ step: StepScope) -> RandomContext {
    RandomContext(seeds: current?.seeds, step: step, masks: current?.masks)
  }

  /// The current context with other recordings and replays of masks.
  static func with(_ masks: MaskScope?) -> RandomContext {
    RandomContext(seeds: current?.seeds, step: current?.step, masks: masks)
  }
}
