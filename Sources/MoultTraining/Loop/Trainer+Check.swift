import MoultCore
import MoultNN

extension Trainer {
  /// Checks the settings and data of a training.
  ///
  /// - Throws: An error of code `.usage` for an invalid setting, or of code `.badData` for data without samples.
  func check(
    data: any Dataset, validation: (any Dataset)?, epochs: Int, batchSize: Int
  ) throws(MoultError) {
    func expect(_ holds: Bool, _ code: MoultError.Code, _ message: String) throws(MoultError) {
      if !holds { throw MoultError(code, "Trainer.fit: " + message) }
    }
    try expect(epochs >= 0, .usage, "expected epochs >= 0, got \(epochs)")
    try expect(batchSize >= 1, .usage, "expected batchSize >= 1, got \(batchSize)")
    if let microBatchSize {
      try expect(microBatchSize >= 1, .usage, "expected microBatchSize >= 1, got \(microBatchSize)")
    }
    try expect(data.count > 0, .badData, "expected at least one training sample, got none")
    if let validation {
      try expect(
        validation.count > 0, .badData, "expected at least one validation sample, got none; pass nil for no validation")
    }
    if let evaluatedTraining {
      try expect(
        evaluatedTraining.count > 0, .badData, "expected at least one sample in evaluatedTraining, got none; pass nil")
    }
    if let name = metrics.repeatedName {
      try expect(false, .usage, "expected metrics of different names, got two of \(name)")
    }
    try expect(
      !optimizer.parameters.isEmpty, .usage,
      "expected an optimizer with parameters, got none; pass model.parameters() to it")
  }
}
