import MoultTraining

/// A training run as people look at it: everything that its page and its charts show.
///
/// ```
/// var report = RunReport(title: "Digits with dropout", history: history)
/// report.test = FinalMetrics(name: "test images", count: 10_000, loss: 0.12, accuracy: 0.963)
/// let page = report.html()
/// ```
///
/// Only the title and the history are needed. A section whose data is missing is left out, or says in a line why if
/// ``remarks`` holds one. Equal reports give equal bytes.
package struct RunReport: Sendable {
  /// The parts of the page.
  package enum Section: String, Sendable, CaseIterable {
    /// Curves of loss, accuracy, learning rate and dropout rates.
    case learning
    /// Which predictions are right and wrong, or how far they are off. The anchor in the page keeps its old name.
    case predictions = "answers"
    /// Whether the model knows when it does not know.
    case confidence
    /// The zeros that were skipped.
    case sparsity
    /// The norms of the weights.
    case weights
    /// Data, network, settings and the command.
    case run
  }

  /// The name of the run.
  package var title: String
  /// The history of the training, epoch by epoch.
  package var history: History
  /// How the run ended.
  package var ending: RunEnding
  /// The arguments of the command that repeats the run, the program first; the page quotes them for a shell.
  package var command: [String] = []
  /// The settings, in the order in which they are shown.
  package var configuration: [ReportRow] = []
  /// The data that the model learned from.
  package var data: DataDescription?
  /// The network that was trained.
  package var network: NetworkDescription?
  /// The machine of the run: threads, instruction set.
  package var machine: String?
  /// When the run began, as it is shown.
  package var started: String?
  /// The finished model on the data that it was trained on, in evaluation mode.
  package var train: FinalMetrics?
  /// The finished model on data that it never saw.
  package var test: FinalMetrics?
  /// The epoch whose weights were kept, or `nil` to mark the one with the lowest validation loss.
  package var bestEpoch: Int?
  /// Rates of dropout layers by their paths, drawn where the records have none because nothing changed them.
  package var constantRates: [String: Double] = [:]
  /// Predictions of a classifier.
  package var classification: ClassificationReport?
  /// Predictions of a regression.
  package var regression: RegressionReport?
  /// The zeros at each layer's input, in one training step.
  package var sparsity: [LayerSparsity] = []
  /// The samples of that step, or `nil` where they are not known.
  package var sparsitySamples: Int?
  /// The norms of each layer's weights.
  package var weightNorms: [WeightNorms] = []
  /// Why a section is missing, in a line.
  package var remarks: [Section: String] = [:]

  /// A report of a history.
  ///
  /// - Parameter ending: How the run ended, or `nil` for what the history says.
  package init(title: String, history: History, ending: RunEnding? = nil) {
    self.title = title
    self.history = history
    self.ending = ending ?? RunEnding(history)
  }
}
