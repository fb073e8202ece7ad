import MoultTraining

/// A name with its value, as text.
package struct ReportRow: Sendable, Equatable {
  package let name, value: String

  package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// How a run ended.
package enum RunEnding: Sendable, Equatable {
  /// All epochs were trained.
  case finished
  /// A signal ended it: 2 for Ctrl-C, 15 for a termination request.
  case interrupted(signal: Int32)
  /// A callback ended it, with its reason.
  case stoppedEarly(String)
  /// A number was not finite, with what was found where.
  case diverged(String)

  /// The ending of a history.
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

/// The data that a model learned from.
package struct DataDescription: Sendable, Equatable {
  /// The name or path of the data.
  package var name: String
  /// Parts with their numbers of samples, such as `("train", 10_000)`, in order.
  package var counts: [(part: String, samples: Int)]
  /// The columns of a table with what each is: `("age", "number, 3 missing")`; empty for other data.
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
  /// The network in a line, such as `784-1024x3-10`.
  package var summary: String
  /// The number of trained scalars.
  package var parameterCount: Int
  /// The layers in order with their shapes; may be empty.
  package var layers: [ReportRow]

  package init(summary: String, parameterCount: Int, layers: [ReportRow] = []) {
    (self.summary, self.parameterCount, self.layers) = (summary, parameterCount, layers)
  }
}

/// How a finished model does on one set of data, in evaluation mode.
package struct FinalMetrics: Sendable, Equatable {
  /// The name of the samples, such as `test images`.
  package var name: String
  /// The number of samples.
  package var count: Int
  /// The mean loss.
  package var loss: Double?
  /// The share that is classified rightly, 0 to 1; `nil` for a regression.
  package var accuracy: Double?
  /// The root of the mean squared error in the unit of the target; `nil` for classes.
  package var rootMeanSquaredError: Double?

  package init(
    name: String, count: Int, loss: Double? = nil, accuracy: Double? = nil, rootMeanSquaredError: Double? = nil
  ) {
    (self.name, self.count, self.loss, self.accuracy) = (name, count, loss, accuracy)
    self.rootMeanSquaredError = rootMeanSquaredError
  }
}

/// The zeros at a layer's input and what skipping them saved, in one training step.
package struct LayerSparsity: Sendable, Equatable {
  /// The layer's path.
  package var layer: String
  /// The share of its inputs that are not zero, 0 to 1.
  package var density: Double
  /// The share of its multiplications that were skipped, 0 to 1, over the forward and backward products.
  package var skipped: Double
  /// The multiplications that a dense library would do, which weights the mean of the shares.
  package var multiplications: Double
  /// Seconds of the layer's products as they ran, and what they would have taken without skipping.
  package var seconds, denseSeconds: Double?

  package init(
    layer: String, density: Double, skipped: Double, multiplications: Double, seconds: Double? = nil,
    denseSeconds: Double? = nil
  ) {
    (self.layer, self.density, self.skipped, self.multiplications) = (layer, density, skipped, multiplications)
    (self.seconds, self.denseSeconds) = (seconds, denseSeconds)
  }
}

/// The L2 norms of the rows of a layer's weight matrix; a row holds the incoming weights of one unit.
package struct WeightNorms: Sendable, Equatable {
  /// The layer's path.
  package var layer: String
  /// The L2 norms of the rows.
  package var mean, min, max: Double
  /// The norm that max-norm allows, or `nil` without it.
  package var limit: Double?

  package init(layer: String, mean: Double, min: Double, max: Double, limit: Double? = nil) {
    (self.layer, self.mean, self.min, self.max, self.limit) = (layer, mean, min, max, limit)
  }
}
