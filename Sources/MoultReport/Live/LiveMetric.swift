import MoultFormats
import MoultTraining

/// The metrics that the live view can plot.
package enum LiveMetric: CaseIterable {
  case loss, accuracy, gap, learningRate, speed

  /// The name on the screen.
  package var name: String {
    switch self {
    case .loss: "loss"
    case .accuracy: "accuracy"
    case .gap: "gap"
    case .learningRate: "learning rate"
    case .speed: "samples/s"
    }
  }

  /// The title of its plot.
  var plotTitle: String {
    switch self {
    case .accuracy: "accuracy, %"
    case .gap: "gap: validation loss - training loss, both without dropout"
    default: name
    }
  }

  /// A value as the screen writes it.
  func text(_ value: Double) -> String {
    switch self {
    case .loss: NumberFormat.fixed(value, 4)
    case .accuracy: NumberFormat.percent(value)
    case .gap: NumberFormat.signed(value, 4)
    case .learningRate: NumberFormat.significant(value)
    case .speed: NumberFormat.grouped(value)
    }
  }

  /// The finished epochs' values, in training.
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

  /// An epoch's value in validation, where the metric has one.
  func validation(_ epoch: EpochRecord) -> Double? {
    switch self {
    case .loss: epoch.validationLoss
    case .accuracy: epoch.validationAccuracy
    case .gap, .learningRate, .speed: nil
    }
  }

  /// Whether a smaller value is the better one.
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

  /// The metric's curves: the values of training by steps, and those of validation by epochs.
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
