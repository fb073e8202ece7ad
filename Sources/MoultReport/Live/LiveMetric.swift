import MoultFormats
import MoultTraining

/// The metrics that the live view can plot.
package enum LiveMetric: CaseIterable {
  case loss, accuracy, gap, learningRate, speed

  /// The name of the metric on the screen.
  package var name: String {
    switch self {
    case .loss: "loss"
    case .accuracy: "accuracy"
    case .gap: "gap"
    case .learningRate: "learning rate"
    case .speed: "samples/s"
    }
  }

  /// The title of the metric's plot.
  var plotTitle: String {
    switch self {
    case .accuracy: "accuracy, %"
    case .gap: "gap: validation loss - training loss, both without dropout"
    default: name
    }
  }

  /// Returns a value of the metric as the screen shows it.
  func text(_ value: Double) -> String {
    switch self {
    case .loss: NumberFormat.fixed(value, 4)
    case .accuracy: NumberFormat.percent(value)
    case .gap: NumberFormat.signed(value, 4)
    case .learningRate: NumberFormat.significant(value)
    case .speed: NumberFormat.grouped(value)
    }
  }

  /// Returns the training values of the finished epochs.
  func training(_ epochs: [EpochRecord]) -> [Double] {
    epochs.compactMap { epoch in
      switch self {
      case .loss: epoch.trainLoss
      case .accuracy: epoch.trainAccuracy
      case .gap: epoch.lossGap
      case .learningRate: epoch.learningRate
      case .speed: epoch.samplesPerSecond
      }
    }
  }

  /// Returns the validation value of an epoch; `nil` if the metric has none.
  func validation(_ epoch: EpochRecord) -> Double? {
    switch self {
    case .loss: epoch.validationLoss
    case .accuracy: epoch.validationAccuracy
    case .gap, .learningRate, .speed: nil
    }
  }

  /// Whether smaller values of the metric are better.
  var isBetterLower: Bool { self != .accuracy }

  private func value(_ bin: StepBins.Bin) -> Double? {
    switch self {
    case .loss: bin.loss
    case .accuracy: bin.accuracy
    case .gap: nil
    case .learningRate: bin.learningRate
    case .speed: bin.samplesPerSecond
    }
  }

  /// Returns the curves of the metric: training values by step (for `gap` by epoch), and validation values by epoch.
  func curves(bins: [StepBins.Bin], epochs: [EpochRecord]) -> [CurvePlot.Curve] {
    let scale = self == .accuracy ? 100.0 : 1
    let trained =
      self == .gap
      ? epochs.compactMap { epoch in epoch.lossGap.map { CurvePlot.Curve.Point(x: Double(epoch.epoch), y: $0) } }
      : bins.compactMap { bin in value(bin).map { CurvePlot.Curve.Point(x: bin.position, y: $0 * scale) } }
    let validated = epochs.compactMap { epoch in
      validation(epoch).map { CurvePlot.Curve.Point(x: Double(epoch.epoch), y: $0 * scale) }
    }
    return [.init(style: .training, points: trained), .init(style: .validation, points: validated)]
      .filter { !$0.points.isEmpty }
  }
}
