import MoultTraining

/// A name and a value, both as text.
package struct ReportRow: Sendable, Equatable {
  package let name, value: String

  package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// The way in which a run ended.
package enum RunEnding: Sendable, Equatable {
  /// All epochs were trained.
  case finished
  /// A signal stopped the run: 2 for Ctrl-C, 15 for a termination request.
  case interrupted(signal: Int32)
  /// A callback stopped the run, for the reason in the text.
  case stoppedEarly(String)
  /// A number was not finite; the text says which number and where.
  case diverged(String)

  /// Returns the ending that a history records.
  package init(_ history: History) {
    if let signal = history.interrupted {
      self = .interrupted(signal: signal)
    } else if let reason = history.stopReason {
      self = .stoppedEarly(reason)
    } else {
      self = .finished
    }
  }
}

/// The training data of a run.
package struct DataDescription: Sendable, Equatable {
  /// The name or path of the data.
  package var name: String
  /// The parts of the data with their numbers of samples, in order, such as `("train", 10_000)`.
  package var counts: [(part: String, samples: Int)]
  /// The columns of a table with a description of each, such as `("age", "number, 3 missing")`; empty for other data.
  package var columns: [ReportRow]

  package init(name: String, counts: [(part: String, samples: Int)], columns: [ReportRow] = []) {
    (self.name, self.counts, self.columns) = (name, counts, columns)
  }

  package static func == (a: DataDescription, b: DataDescription) -> Bool {
    a.name == b.name && a.columns == b.columns && a.counts.elementsEqual(b.counts) { $0 == $1 }
  }
}

/// The network that was trained.
package struct NetworkDescription: Sendable, Equatable {
  /// The layer sizes, such as `784-1024x3-10`.
  package var summary: String
  /// The number of trained parameters (scalars).
  package var parameterCount: Int
  /// The layers in order, with their shapes; may be empty.
  package var layers: [ReportRow]

  package init(summary: String, parameterCount: Int, layers: [ReportRow] = []) {
    (self.summary, self.parameterCount, self.layers) = (summary, parameterCount, layers)
  }
}

/// The metrics of the finished model on one set of samples, with dropout off.
package struct FinalMetrics: Sendable, Equatable {
  /// The name of the samples, such as `test images`.
  package var name: String
  /// The number of samples.
  package var count: Int
  /// The mean loss; nil if it was not computed.
  package var loss: Double?
  /// The fraction of correctly classified samples, in 0...1; `nil` for a regression.
  package var accuracy: Double?
  /// The root mean squared error in the unit of the target; `nil` for a classification.
  package var rootMeanSquaredError: Double?

  package init(
    name: String, count: Int, loss: Double? = nil, accuracy: Double? = nil, rootMeanSquaredError: Double? = nil
  ) {
    (self.name, self.count, self.loss, self.accuracy) = (name, count, loss, accuracy)
    self.rootMeanSquaredError = rootMeanSquaredError
  }
}

/// The sparsity of a layer's inputs, and the time saved by skipping zeros, in one training step.
package struct LayerSparsity: Sendable, Equatable {
  /// The path of the layer in the model, such as `hiddenLayers.0`.
  package var layer: String
  /// The fraction of the layer's inputs that are not zero, in 0...1.
  package var density: Double
  /// The fraction of the layer's multiplications that were skipped, in the forward and backward products, in 0...1.
  package var skipped: Double
  /// The number of multiplications without skipping: the weight of `skipped` in the mean over the layers.
  package var multiplications: Double
  /// The time of the layer's products in seconds, with and without skipping; nil if it was not measured.
  package var seconds, denseSeconds: Double?

  package init(
    layer: String, density: Double, skipped: Double, multiplications: Double, seconds: Double? = nil,
    denseSeconds: Double? = nil
  ) {
    (self.layer, self.density, self.skipped, self.multiplications) = (layer, density, skipped, multiplications)
    (self.seconds, self.denseSeconds) = (seconds, denseSeconds)
  }
}

/// The L2 norms of the rows of a layer's weight matrix. A row holds the incoming weights of one unit.
package struct WeightNorms: Sendable, Equatable {
  /// The path of the layer in the model, such as `hiddenLayers.0`.
  package var layer: String
  /// The mean, the minimum and the maximum of the norms.
  package var mean, min, max: Double
  /// The largest norm that the max-norm constraint allows; `nil` without the constraint.
  package var limit: Double?

  package init(layer: String, mean: Double, min: Double, max: Double, limit: Double? = nil) {
    (self.layer, self.mean, self.min, self.max, self.limit) = (layer, mean, min, max, limit)
  }
}
