/// Everything that the live view shows.
struct LiveState {
  /// What is trained: the data, the network.
  let title: [String]
  var progress: TrainingProgress
  var step: StepRecord?
  var epochs: [EpochRecord] = []
  var bins = StepBins()

  /// The metric that is plotted.
  var metric = LiveMetric.loss
  var isLogarithmic = false
  var showsHelp = false
  /// Training is to end after this epoch.
  var isStopping = false

  init(title: [String], plan: TrainingPlan) {
    self.title = title.map(\.visible)
    progress = TrainingProgress(plan: plan)
  }

  /// Takes in a step that took `seconds`, at `elapsed` seconds since training began.
  mutating func add(_ step: StepRecord, seconds: Double, elapsed: Double) {
    self.step = step
    progress.stepsDone += 1
    progress.elapsed = elapsed
    bins.add(step, plan: progress.plan, seconds: seconds)
  }

  /// The metrics that there is something to show of.
  var metrics: [LiveMetric] {
    LiveMetric.allCases.filter { metric in
      switch metric {
      case .loss, .learningRate, .speed: true
      case .accuracy: step?.meanAccuracy != nil || epochs.contains { $0.validationAccuracy != nil }
      case .gap: epochs.contains { $0.generalizationGap != nil }
      }
    }
  }

  /// Acts on a key; others than those of the help line do nothing.
  mutating func press(_ key: Character) {
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
