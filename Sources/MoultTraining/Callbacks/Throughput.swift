import MoultCore

/// Measures the training speed in wall-clock time. Unlike `EpochRecord.samplesPerSecond`, it includes the time of
/// validation and callbacks.
public final class Throughput: Callback {
  /// The number of steps over which `recent` is measured.
  public let window: Int
  private let now: () -> Double
  private var plan: TrainingPlan?
  private var start: (time: Double, samples: Int) = (0, 0)
  /// The times at which the last steps ended, with the number of samples until then. The first element is the start of
  /// the window.
  private var marks: [(time: Double, samples: Int)] = []

  /// Makes the callback.
  ///
  /// - Parameter window: The number of steps over which `recent` is measured, at least 1.
  public convenience init(window: Int = 50) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(window: window, now: { (clock.now - origin) / .seconds(1) })
  }

  package init(window: Int, now: @escaping () -> Double) {
    require(window >= 1, "Throughput: expected a window of at least 1 step, got \(window)")
    (self.window, self.now) = (window, now)
  }

  /// The number of samples per second from the start of this call of `fit` to its last step; nil before the first step.
  public var overall: Double? { speed(since: start) }

  /// The number of samples per second over the last `window` steps, or over all steps if there were fewer; nil before
  /// the first step.
  public var recent: Double? { marks.first.flatMap { speed(since: $0) } }

  private func speed(since mark: (time: Double, samples: Int)) -> Double? {
    guard let last = marks.last, last.time > mark.time else { return nil }
    return Double(last.samples - mark.samples) / (last.time - mark.time)
  }

  /// Starts measuring the time.
  public func onTrainBegin(_ plan: TrainingPlan) {
    self.plan = plan
    start = (now(), 0)
    marks = [start]
  }

  /// Adds the samples of the step.
  public func onStepEnd(_ step: StepRecord) {
    guard let plan, let last = marks.last else { return }
    marks.append((now(), last.samples + step.samples - (step.stepInEpoch - 1) * plan.batchSize))
    if marks.count > window + 1 { marks.removeFirst() }
  }
}
