import Moult
import MoultDownloads
import MoultPlatform

extension TrainingJob {
  /// The metadata key of the number of finished epochs, which the model file of an unfinished run has.
  static let unfinishedKey = "moult.unfinished_after_epochs"

  /// Returns the identity of the training: the beginnings of the SHA-256 of its settings and of its data.
  ///
  /// - Parameter fingerprint: The hash of the data.
  func identity(data fingerprint: String) throws(MoultError) -> String {
    "settings \(try self.fingerprint(of: settings)), data \(fingerprint)"
  }

  private func fingerprint(of settings: RunSettings) throws(MoultError) -> String {
    String(try sha256(Array(JSONOutput.object(settings.json).line.utf8)).prefix(16))
  }

  /// Returns the job of an interrupted run, and the state from which it is resumed; no state if the run is finished.
  ///
  /// - Throws: An error of code `.noInput` if there is no run, or no checkpoint of an unfinished run; `.badData` if its
  ///   settings or data have changed since it began.
  static func resumed(
    from folder: RunFolder, common: CommonOptions
  ) throws(MoultError) -> (job: TrainingJob, state: TrainingState?) {
    let overrides = try ConfigurationFile.read(folder.configuration)
    let job = try TrainingJob(overrides, common: common)
    guard access(folder.checkpoint, F_OK) == 0 else {
      guard access(folder.model, F_OK) == 0 else {
        throw MoultError(
          .noInput,
          "expected checkpoint.safetensors, from which a run goes on, got none; it ended before it saved anything: "
            + "train anew with --config \(folder.configuration)", location: folder.path)
      }
      if let epochs = try SafeTensors.readHeader(folder.model).metadata[unfinishedKey] {
        throw MoultError(
          .noInput,
          "expected checkpoint.safetensors, from which a run goes on, got none; the run is not whole, it ended in an error "
            + "after \(epochs.visible) of \(job.epochs) epochs: train anew with --config \(folder.configuration)",
          location: folder.path)
      }
      return (job, nil)
    }
    let state = try TrainingState.read(folder.checkpoint)
    let found = try TrainingState.identity(of: folder.checkpoint) ?? ""
    let identity = try job.identity(data: job.data.fingerprint())
    guard found == identity else {
      let parts = zip(found.split(separator: ","), identity.split(separator: ",")).filter { $0 != $1 }
      let what = parts.first.map { $0.0.hasPrefix("settings") ? "config.json" : "the data" } ?? "something"
      throw MoultError(
        .badData, "expected the training that was interrupted, but \(what) changed since; put it back, or train anew",
        location: folder.checkpoint)
    }
    return (job, state)
  }
}

extension RunFolder {
  /// Returns the records of the epochs that were finished before an interruption. Changes no file.
  ///
  /// - Throws: An error of code `.badData` if the log does not contain all of these epochs.
  func epochs(before state: TrainingState) throws(MoultError) -> [EpochRecord] {
    let count = state.completedEpochs
    if count == 0 { return [] }
    let isThere = access(metrics, F_OK) == 0
    let epochs = isThere ? try MetricsLog.read(metrics, upToEpoch: count) : []
    guard epochs.map(\.epoch) == Array(1...count) else {
      throw MoultError(
        .badData,
        "expected the \(count == 1 ? "epoch" : "\(count) epochs") before the run was interrupted, got "
          + (isThere ? "\(epochs.count) of them" : "no file") + "; put the log back, or train anew", location: metrics)
    }
    return epochs
  }
}

extension TrainingData {
  /// Returns the beginning of the SHA-256 of all samples and labels.
  func fingerprint() throws(MoultError) -> String {
    var hash = Fingerprint()
    for part in isValidatedOnTest ? [train, test] : [train, validation, test] {
      for tensor in [part.storedInputs, part.labels] { tensor.withContiguousBytes { hash.add($0) } }
    }
    return String(try hash.hexadecimal().prefix(16))
  }
}

extension History {
  /// Adds the epochs and steps before an interruption.
  mutating func add(_ earlier: [EpochRecord], steps: Int) {
    epochs = earlier + epochs
    self.steps += steps
    for epoch in earlier {
      seconds += epoch.seconds
      samples += Int((epoch.samplesPerSecond * epoch.seconds).rounded())
    }
  }
}
