import MoultCore

/// Measures how fast training goes by the clock on the wall: validation and callbacks count, unlike in
/// `EpochRecord.samplesPerSecond`.
public final class Throughput: Callback {
  /// Steps that `recent` looks back over.
  public let window: Int
  private let now: () -> Double
  private var plan: TrainingPlan?
  private var start: (time: Double, samples: Int) = (0, 0)
  /// When the last steps ended, and the samples until then; the oldest is what the window begins after.
  private var marks: [(time: Double, samples: Int)] = []

  /// Makes the callback.
  ///
  /// - Parameter window: Steps that `recent` looks back over, at least 1.
  public convenience init(window: Int = 50) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(window: window, now: { (clock.now - origin) / .seconds(1) })
  }

  package init(window: Int, now: @escaping () -> Double) {
    require(window >= 1, "Throughput: expected a window of at least 1 step, got \(window)")
    (self.window, self.now) = (window, now)
  }

  /// Samples per second from the beginning of this call of `fit` to its last step; nil before the first.
  public var overall: Double? { speed(since: start) }

  /// Samples per second over the last `window` steps, or as many as there were; nil before the first.
  public var recent: Double? { marks.first.flatMap { speed(since: $0) } }

  private func speed(since mark: (time: Double, samples: Int)) -> Double? {
    guard let last = marks.last, last.time > mark.time else { return nil }
    return Double(last.samples - mark.samples) / (last.time - mark.time)
  }

  /// Starts the clock.
  public func onTrainBegin(_ plan: TrainingPlan) {
    self.plan = plan
    start = (now(), 0)
    marks = [start]
  }

  /// Counts the step's samples.
  public func onStepEnd(_ step: StepRecord) {
    guard let plan, let last = marks.last else { return }
    marks.append((now(), last.samples + step.samples - (step.stepInEpoch - 1) * plan.batchSize))
    if marks.count > window + 1 { marks.removeFirst() }
  }
}
