import MoultTraining

/// Everything that the live view shows.
package struct LiveState {
  /// The data and the network, as the title says them.
  let title: [String]
  var progress: TrainingProgress
  var step: StepRecord?
  package var epochs: [EpochRecord] = []
  package var bins = StepBins()

  /// The metric that is plotted.
  package var metric = LiveMetric.loss
  package var isLogarithmic = false
  package var showsHelp = false
  /// Training is to end after this epoch.
  package var isStopping = false

  package init(title: [String], plan: TrainingPlan) {
    self.title = title.map(\.visible)
    progress = TrainingProgress(plan: plan)
  }

  /// Takes in a step that took `seconds`, at `elapsed` seconds since training began.
  package mutating func add(_ step: StepRecord, seconds: Double, elapsed: Double) {
    self.step = step
    progress.stepsDone += 1
    progress.elapsed = elapsed
    bins.add(step, plan: progress.plan, seconds: seconds)
  }

  /// The metrics that there is something to show of.
  package var metrics: [LiveMetric] {
    LiveMetric.allCases.filter { metric in
      switch metric {
      case .loss, .learningRate, .speed: true
      case .accuracy: step?.meanAccuracy != nil || epochs.contains { $0.validationAccuracy != nil }
      case .gap: epochs.contains { $0.lossGap != nil }
      }
    }
  }

  /// Acts on a key; others than those of the help line do nothing.
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
