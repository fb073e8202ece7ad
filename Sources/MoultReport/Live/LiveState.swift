import MoultTraining

/// The state of the live view: the progress, the recorded metrics, and the display settings.
package struct LiveState {
  /// The parts of the title: the data and the network.
  let title: [String]
  var progress: TrainingProgress
  var step: StepRecord?
  package var epochs: [EpochRecord] = []
  package var bins = StepBins()

  /// The metric that is plotted.
  package var metric = LiveMetric.loss
  package var isLogarithmic = false
  package var showsHelp = false
  /// Whether training stops after this epoch.
  package var isStopping = false

  package init(title: [String], plan: TrainingPlan) {
    self.title = title.map(\.visible)
    progress = TrainingProgress(plan: plan)
  }

  /// Adds a training step.
  ///
  /// - Parameters:
  ///   - step: The record of the step.
  ///   - seconds: The duration of the step.
  ///   - elapsed: The time since the start of training, in seconds.
  package mutating func add(_ step: StepRecord, seconds: Double, elapsed: Double) {
    self.step = step
    progress.stepsDone += 1
    progress.elapsed = elapsed
    bins.add(step, plan: progress.plan, seconds: seconds)
  }

  /// The metrics that have values to show.
  package var metrics: [LiveMetric] {
    LiveMetric.allCases.filter { metric in
      switch metric {
      case .loss, .learningRate, .speed: true
      case .accuracy: step?.meanAccuracy != nil || epochs.contains { $0.validationAccuracy != nil }
      case .gap: epochs.contains { $0.lossGap != nil }
      }
    }
  }

  /// Handles a key press. Keys that the help line does not list are ignored.
  package mutating func press(_ key: Character) {
    switch key {
    case "q", "Q": isStopping = true
    case "m", "M":
      let metrics = metrics
      let next = metrics.firstIndex(of: metric).map { ($0 + 1) % metrics.count } ?? 0
      metric = metrics[next]
      showsHelp = false
    case "l", "L":
      isLogarithmic.toggle()
      showsHelp = false
    case "?", "h", "H": showsHelp.toggle()
    default: break
    }
  }
}
