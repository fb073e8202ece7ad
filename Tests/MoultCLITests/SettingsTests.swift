import Foundation
import MoultTestSupport
import Testing

/// Settings from files, from `--set` and from options.
@Suite struct SettingsTests {
  private static let quick = ["train", "--epochs", "1", "--model", "784-16-10", "--quiet"]

  private func settings(_ arguments: [String], folder: String? = nil) throws -> [String: Any] {
    let result = try Tool.run(["train", "--print-config"] + arguments, folder: folder)
    expectEqual(result.status, 0, "\(result.error)")
    return try unwrapped(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  private func section(_ name: String, _ settings: [String: Any]) throws -> [String: Any] {
    try unwrapped(settings[name] as? [String: Any])
  }

  @Test func optionsCountMoreThanSetAndSetMoreThanAFile() throws {
    try Tool.withFolder { folder in
      let file = #"{"model": {"dropout": 0.1, "input_dropout": 0.1, "max_norm": 4}, "training": {"epochs": 7}}"#
      try file.write(toFile: folder + "/run.json", atomically: false, encoding: .utf8)
      let settings = try settings(
        ["--config", "run.json", "--set", "model.dropout=0.2", "--set", "model.input_dropout=0.2", "--dropout", "0.3"],
        folder: folder)
      let model = try section("model", settings)
      expectTrue(model["dropout"] as? Double == 0.3)
      expectTrue(model["input_dropout"] as? Double == 0.2)
      expectTrue(model["max_norm"] as? Double == 4)
      try expectTrue(section("training", settings)["epochs"] as? Int == 7)
      expectTrue(!FileManager.default.fileExists(atPath: folder + "/runs"))
    }
  }

  @Test func theSettingsOfARunMakeTheSameRunAgain() throws {
    try Tool.withFolder { folder in
      let options = ["--variant", "gaussian-dropout", "--optimizer", "adamw", "--seed", "18446744073709551615"]
      try expectEqual(Tool.run(Self.quick + options + ["--out", "first"], folder: folder).status, 0)
      let again = ["train", "--config", "first/config.json", "--quiet", "--out", "second"]
      try expectEqual(Tool.run(again, folder: folder).status, 0)
      for name in ["model.safetensors", "config.json"] {
        let files = try ["first", "second"].map {
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)/\(name)"))
        }
        expectEqual(files[0], files[1], "\(name)")
      }
    }
  }

  @Test func settingsOfSchemaOneAreRead() throws {
    try Tool.withFolder { folder in
      let file = #"""
        {"schema": 1, "moult": "0.1.0", "data": "digits", "train_samples": 10000, "test_samples": 10000,
         "model": "784-32-10", "parameters": 25450, "variant": "concrete-dropout", "dropout": 0.25,
         "input_dropout": 0.1, "max_norm": 3, "optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.5,
         "weight_decay": 0.001, "schedule": "step", "warm_up_epochs": 0.5, "label_smoothing": 0.1, "epochs": 3,
         "batch_size": 50, "seed": 9}
        """#.replacingOccurrences(of: "concrete-dropout", with: "concrete")
      try file.write(toFile: folder + "/config.json", atomically: false, encoding: .utf8)
      let settings = try settings(["--config", "config.json"], folder: folder)
      let (model, training) = (try section("model", settings), try section("training", settings))
      expectTrue(model["layers"] as? String == "784-32-10" && model["variant"] as? String == "concrete")
      expectTrue(model["dropout"] as? Double == 0.25 && model["input_dropout"] as? Double == 0.1)
      expectTrue(model["max_norm"] as? Double == 3 && settings["seed"] as? Int == 9)
      expectTrue(training["learning_rate"] as? Double == 0.05 && training["momentum"] as? Double == 0.5)
      expectTrue(training["schedule"] as? String == "step" && training["warm_up_epochs"] as? Double == 0.5)
      expectTrue(training["label_smoothing"] as? Double == 0.1 && training["weight_decay"] as? Double == 0.001)
      expectTrue(training["epochs"] as? Int == 3 && training["batch_size"] as? Int == 50)
    }
  }

  @Test func aLearningRateForOneOptimizerIsNoneForAnother() throws {
    try Tool.withFolder { folder in
      try #"{"training": {"optimizer": "sgd", "learning_rate": 0.5, "momentum": 0.8}}"#.write(
        toFile: folder + "/run.json", atomically: false, encoding: .utf8)
      let training = try section("training", settings(["--config", "run.json", "--optimizer", "adam"], folder: folder))
      expectTrue(training["learning_rate"] as? Double == 0.001)
      let same = try section("training", settings(["--config", "run.json", "--optimizer", "sgd"], folder: folder))
      expectTrue(same["learning_rate"] as? Double == 0.5 && same["momentum"] as? Double == 0.8)
    }
  }

  @Test(arguments: [
    ("model.dropuot=0.3", "Error: --set: model.dropuot: expected the name of a setting; near it: model.dropout"),
    ("model.dropout", "Error: --set: expected key=value such as model.dropout=0.3, got 'model.dropout'"),
    ("model.dropout=much", "Error: --set: model.dropout: expected a number, got 'much'"),
    ("model.dropout=1.5", "Error: --set: model.dropout: expected a rate in 0...1, got 1.5"),
    ("training.epochs=2.5", "Error: --set: training.epochs: expected a whole number, got 2.5"),
    ("training.epochs=0", "Error: --set: training.epochs: expected 1 to 1000000, got 0"),
    ("training.optimizer=rmsprop", "training.optimizer: expected sgd, adam or adamw, got 'rmsprop'"),
    ("model.layers=784-x", "Error: --set: model.layers: expected a size at position 5"),
    ("seed=-1", "Error: --set: seed: expected a whole number from 0 to 18446744073709551615, got -1"),
  ])
  func aSettingThatWillNotDoIsNamed(assignment: String, message: String) throws {
    let result = try Tool.run(["train", "--set", assignment])
    expectTrue(result.status == 64 && result.error.contains(message), "\(result.error)")
    expectTrue(result.output.isEmpty)
  }

  @Test(arguments: [
    ("[]", "run.json: expected settings as a JSON object"),
    (#"{"schema": 3}"#, "run.json: schema: expected 1 or 2, got 3"),
    (#"{"model": {"dropout": 7}}"#, "run.json: model.dropout: expected a rate in 0...1, got 7.0"),
    (#"{"model": {"rate": 0.5}}"#, "run.json: model.rate: expected the name of a setting"),
    (#"{"dropout": 0.5}"#, "run.json: dropout: expected the name of a setting; near it: model.dropout"),
    (#"{"model": "784-10"}"#, "run.json: model: expected the name of a setting"),
  ])
  func aFileOfSettingsThatWillNotDoIsBadData(content: String, message: String) throws {
    try Tool.withFolder { folder in
      try content.write(toFile: folder + "/run.json", atomically: false, encoding: .utf8)
      let result = try Tool.run(["train", "--config", "run.json"], folder: folder)
      expectTrue(result.status == 65 && result.error.contains(message), "\(result.error)")
    }
  }

  @Test func aDryRunSaysWhatItWouldTakeAndWritesNothing() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(Self.quick + ["--dry-run", "--out", "run"], folder: folder)
      expectEqual(result.status, 0)
      expectTrue(result.text.contains("hidden 1  [N, 784] -> [N, 16]      12,560"), "\(result.text)")
      expectTrue(result.text.contains("time: 100 steps, about "))
      try expectTrue(FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      let json = try unwrapped(try Tool.run(Self.quick + ["--dry-run", "--json"], folder: folder).json().first)
      expectTrue(json["parameters"] as? Int == 784 * 16 + 16 + 170 && json["estimated_seconds"] is Double)
      // One MiB is 2^20 bytes, to one decimal.
      func mebibytes(_ key: String) throws -> String {
        let tenths = try unwrapped(json[key] as? Int) * 10, rounded = (tenths + 1 << 19) >> 20
        return "\(rounded / 10).\(rounded % 10) MiB"
      }
      expectTrue(
        result.text.contains(
          "memory: weights, gradients and optimizer \(try mebibytes("parameter_bytes")), a batch of 100 "
            + "\(try mebibytes("batch_bytes")), data \(try mebibytes("data_bytes"))"), "\(result.text)")
    }
  }

  @Test func whatIsChosenByValidationIsNotChosenByTheTestPart() throws {
    let facts = try section("facts", settings(["--patience", "3"]))
    expectTrue(facts["train_samples"] as? Int == 9_000 && facts["validation_samples"] as? Int == 1_000)
    expectTrue(facts["test_samples"] as? Int == 10_000)
  }

  @Test func whatIsGivenTogetherIsKeptTogether() throws {
    let training = try section("training", settings(["--set", "training.learning_rate=0.01", "--optimizer", "adam"]))
    expectTrue(training["learning_rate"] as? Double == 0.01)
    let model = try section("model", settings(["--set", "model.dropout=0.3", "--variant", "gaussian-dropout"]))
    expectTrue(model["dropout"] as? Double == 0.3)
    let named = try section("model", settings(["digits", "--set", "model.layers=784-64-10"]))
    expectTrue(named["layers"] as? String == "784-64-10")
  }

  /// Learning rate, momentum and weight decay of a file are for its optimizer.
  @Test func anotherOptimizerHasSettingsOfItsOwn() throws {
    try Tool.withFolder { folder in
      let file = #"{"training": {"optimizer": "sgd", "learning_rate": 0.3, "momentum": 0.7, "weight_decay": 0.02}}"#
      try file.write(toFile: folder + "/run.json", atomically: false, encoding: .utf8)
      func training(_ options: [String]) throws -> [String: Any] {
        try section("training", settings(["--config", "run.json"] + options, folder: folder))
      }
      let kept = try training([]), changed = try training(["--optimizer", "adam"])
      expectTrue(kept["weight_decay"] as? Double == 0.02 && kept["momentum"] as? Double == 0.7)
      expectTrue(changed["learning_rate"] as? Double == 0.001 && changed["momentum"] is NSNull)
      expectTrue(changed["weight_decay"] as? Double == 0)
    }
  }

  @Test func theTestPartDoesNotChooseTheWeights() throws {
    let result = try Tool.run(["train", "--patience", "2", "--validation-share", "0"])
    expectTrue(result.status == 64 && result.error.contains("--validation-share: expected more than 0 with --patience"))
  }
}
