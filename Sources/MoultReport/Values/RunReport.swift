import MoultTraining

/// The results of a training run, from which its page and charts are made.
///
/// ```
/// var report = RunReport(title: "Digits with dropout", history: history)
/// report.test = FinalMetrics(name: "test images", count: 10_000, loss: 0.12, accuracy: 0.963)
/// let page = report.html()
/// ```
///
/// Only the title and the history are required. A section without data is omitted, or replaced by its text in
/// ``remarks``. Equal reports give identical bytes.
package struct RunReport: Sendable {
  /// The sections of the page.
  package enum Section: String, Sendable, CaseIterable {
    /// Curves of loss, accuracy, learning rate and dropout rates over the epochs.
    case learning
    /// The evaluation of the predictions. The raw value, the anchor in the page, is kept for compatibility.
    case predictions = "answers"
    /// Calibration and uncertainty of the predictions.
    case confidence
    /// The sparsity of the layers' inputs, and the time saved by skipping zeros.
    case sparsity
    /// The norms of the layers' weights.
    case weights
    /// The data, network, settings and command of the run.
    case run
  }

  /// The title of the page.
  package var title: String
  /// The metrics of the training, epoch by epoch.
  package var history: History
  /// The way in which the run ended.
  package var ending: RunEnding
  /// The arguments of the command that repeats the run, with the program first. The page quotes them for a shell.
  package var command: [String] = []
  /// The settings of the run, in the order in which they are shown.
  package var configuration: [ReportRow] = []
  /// The training data.
  package var data: DataDescription?
  /// The network that was trained.
  package var network: NetworkDescription?
  /// The machine: number of threads, instruction set.
  package var machine: String?
  /// The start time, as it is displayed.
  package var started: String?
  /// The metrics of the finished model on the training data, with dropout off.
  package var train: FinalMetrics?
  /// The metrics of the finished model on the test data, with dropout off.
  package var test: FinalMetrics?
  /// The epoch whose weights were kept; `nil` for the epoch with the lowest validation loss.
  package var bestEpoch: Int?
  /// The constant dropout rates by layer path, for layers whose rates the history does not record.
  package var constantRates: [String: Double] = [:]
  /// The evaluation of a classification; nil for a regression.
  package var classification: ClassificationReport?
  /// The evaluation of a regression; nil for a classification.
  package var regression: RegressionReport?
  /// The sparsity of each layer, measured in one training step.
  package var sparsity: [LayerSparsity] = []
  /// The number of samples in that step; `nil` if it is not known.
  package var sparsitySamples: Int?
  /// The weight norms of each layer.
  package var weightNorms: [WeightNorms] = []
  /// The text that is shown in place of a missing section: the reason why it is missing.
  package var remarks: [Section: String] = [:]

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - title: The title of the page.
  ///   - history: The metrics of the training, epoch by epoch.
  ///   - ending: The way in which the run ended; `nil` to take it from the history.
  package init(title: String, history: History, ending: RunEnding? = nil) {
    self.title = title
    self.history = history
    self.ending = ending ?? RunEnding(history)
  }
}
