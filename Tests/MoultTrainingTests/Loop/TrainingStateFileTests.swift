import Moult
import MoultTestSupport
import Testing

@Suite struct TrainingStateFileTests {
  private func state() throws -> TrainingState {
    let run = ResumeFixture(.stopping, stopAfter: 6)
    try run.run()
    return run.trainer.state()
  }

  @Test func equalStatesGiveEqualBytes() throws {
    try withTemporaryFolder { folder in
      let state = try state(), path = folder + "/checkpoint.safetensors", copy = folder + "/copy.safetensors"
      try state.write(to: path, identity: "größe \u{1B}")
      try TrainingState.read(path).write(to: copy, identity: "größe \u{1B}")
      try expectEqual(contents(path), contents(copy))
      try expectEqual(TrainingState.identity(of: path), "größe \u{1B}")
      let names = try SafeTensors.read(path).tensors.keys.sorted()
      expectEqual(
        names.filter { !$0.hasPrefix("optimizer/") && !$0.contains(".value.") },
        [
          "callbacks/0/earlyStopping.epoch", "callbacks/0/earlyStopping.figure", "callbacks/0/earlyStopping.waited",
          "model/hidden.bias", "model/hidden.weight", "model/output.bias", "model/output.weight",
        ])
    }
  }

  @Test func anotherIdentityIsRefusedByName() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      try state().write(to: path, identity: "digits")
      _ = try TrainingState.read(path)
      _ = try TrainingState.read(path, identity: "digits")
      let error = try moultError { _ = try TrainingState.read(path, identity: "letters") }
      expectTrue(error.code == .badData && error.location == path)
      expectEqual(
        error.message,
        "training state: expected the training \"letters\", got \"digits\"; use its settings or another file")
    }
  }

  @Test func anotherFileIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      try TrainingFixture.model().save(to: path)
      try expectNil(TrainingState.identity(of: path))
      let error = try moultError { _ = try TrainingState.read(path) }
      expectTrue(error.code == .badData && error.message.contains("got another safetensors file"))
      try expectEqual(moultError { _ = try TrainingState.read(folder + "/none") }.code, .noInput)
    }
  }

  @Test(
    arguments: [
      ("moult.training_state", "2", "expected version 1, got 2"),
      ("seed", nil, "expected a seed, got none"),
      ("seed", "-1", "expected a seed, got none"),
      ("completed_steps", "-1", "expected completed_steps from 0 to 4294967295, got -1"),
      ("completed_steps", "4294967296", "expected completed_steps from 0 to 4294967295, got 4294967296"),
      ("completed_epochs", "5", "expected completed_epochs from 0 to 4, got 5"),
      ("completed_epochs", nil, "expected completed_epochs from 0 to 4, got none"),
      ("epoch_samples", "35", "expected epoch_samples from 0 to 34, got 35"),
      ("epoch_size", "0", "expected epoch_samples from 0 to 0, got 20"),
      ("epoch_steps", "7", "expected epoch_steps from 0 to 6, got 7"),
      ("epoch_scored", "21", "expected epoch_scored from 0 to 20, got 21"),
      ("epoch_correct", "21", "expected epoch_correct from 0 to 20, got 21"),
      ("epoch_loss_sum", "nan", "expected epoch_loss_sum to be a number, got nan"),
      ("epoch_seconds", "-1", "expected no negative learning_rate or epoch_seconds"),
      ("learning_rate", "inf", "expected learning_rate to be a number, got inf"),
      ("learning_rate", "-0.1", "expected no negative learning_rate or epoch_seconds"),
      ("uses.dropout", "-1\u{1B}", "expected uses.dropout from 0 on, got -1\\u{1B}"),
      ("callbacks", "9999999", "expected callbacks from 0 to 1000, got 9999999"),
      ("callbacks", "0", "expected tensors of model/, optimizer/, got callbacks/0/earlyStopping."),
    ] as [(String, String?, String)])
  func aStateThatMakesNoSenseIsRefused(key: String, value: String?, message: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      try state().write(to: path)
      var (tensors, metadata) = try SafeTensors.read(path)
      metadata[key] = value
      try SafeTensors.write(tensors, metadata: metadata, to: path)
      let error = try moultError { _ = try TrainingState.read(path) }
      expectTrue(error.code == .badData && error.location == path)
      expectTrue(error.message.hasPrefix("training state: " + message), "\(error)")
      tensors = [:]
    }
  }

  @Test func filesOfOlderVersionsFreezeNothingAndUnknownParametersAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      try state().write(to: path)
      var (tensors, metadata) = try SafeTensors.read(path)
      expectEqual(metadata["frozen_parameters"], "")
      metadata["frozen_parameters"] = nil
      try SafeTensors.write(tensors, metadata: metadata, to: path)
      let run = ResumeFixture(.stopping)
      run.trainer.model.output.freeze()
      try run.trainer.load(try TrainingState.read(path))
      expectTrue(run.trainer.model.parameters().map(\.isFrozen) == [false, false, true, true])
      metadata["frozen_parameters"] = "hidden.bias\nhidden.gain"
      try SafeTensors.write(tensors, metadata: metadata, to: path)
      let error = try moultError { try run.trainer.load(try TrainingState.read(path)) }
      expectTrue(error.code == .badData && error.message.contains("frozen parameters of Network, got hidden.gain"))
      expectTrue(run.trainer.model.parameters().map(\.isFrozen) == [false, false, true, true])
      tensors = [:]
    }
  }

  @Test func aStateOfAnotherModelIsRefusedByItsLayers() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      try state().write(to: path)
      var (tensors, metadata) = try SafeTensors.read(path)
      for (old, new, text) in [("uses.dropout", "uses.drop", "drop"), ("uses.drop", "uses.z", "out dropout")] {
        metadata[new] = metadata.removeValue(forKey: old)
        tensors["model/other"] = nil
        try SafeTensors.write(tensors, metadata: metadata, to: path)
        let error = try moultError { try ResumeFixture(.stopping).trainer.load(try TrainingState.read(path)) }
        expectEqual(
          error.message,
          "training state: expected the layers of Network, got one with\(text == "drop" ? " drop" : text); "
            + "is it the state of another model?"
        )
      }
    }
  }
}
