import Foundation
import MoultTestSupport
import Testing

@Suite struct TrainTests {
  /// A run that takes a second.
  private static let quick = ["train", "--epochs", "1", "--model", "784-32-10"]

  private func file(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  @Test func leavesARunFolderAndSaysHowItWent() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(Self.quick + ["--out", "a/b", "--json", "--seed", "5"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      let events = try result.json()
      expectEqual(events.map { $0["event"] as? String }, ["started", "epoch", "finished"])
      expectTrue(events.allSatisfy { $0["schema"] as? Int == 1 })
      let last = try unwrapped(events.last)
      let accuracy = try unwrapped(last["test_accuracy"] as? Double)
      expectGreater(accuracy, 0.8)
      expectLess(abs(try unwrapped(last["test_error"] as? Double) - (1 - accuracy)), 1e-12)
      expectTrue(last["epochs"] as? Int == 1 && last["steps"] as? Int == 100 && last["out"] as? String == "a/b")
      for key in ["train_accuracy", "seconds", "samples_per_second"] { expectTrue(last[key] is Double, "\(key)") }

      try expectEqual(
        FileManager.default.contentsOfDirectory(atPath: folder + "/a/b").sorted(),
        [
          "charts", "config.json", "events.tfevents", "metrics.csv", "metrics.jsonl", "model.safetensors",
          "report.html",
        ])
      let metrics = try String(contentsOfFile: folder + "/a/b/metrics.jsonl", encoding: .utf8)
      expectEqual(metrics, result.lines[1] + "\n")
      let configuration = try unwrapped(
        try JSONSerialization.jsonObject(with: file(folder + "/a/b/config.json")) as? [String: Any])
      let model = try unwrapped(configuration["model"] as? [String: Any])
      expectTrue(model["layers"] as? String == "784-32-10" && model["dropout"] as? Double == 0.5)
      expectTrue(configuration["seed"] as? Int == 5)
    }
  }

  @Test func theSameSeedGivesTheSameBytesForAnyNumberOfThreads() throws {
    try Tool.withFolder { folder in
      for (name, options) in [
        ("one", ["--threads", "1"]), ("two", ["--threads", "2"]), ("other", ["--seed", "1"]),
      ] {
        let result = try Tool.run(
          Self.quick + ["--quiet", "--input-dropout", "0.2", "--max-norm", "3", "--out", name] + options, folder: folder
        )
        expectEqual(result.status, 0, "\(result.error)")
        expectTrue(result.error.isEmpty, "--quiet says nothing")
      }
      let one = try file(folder + "/one/model.safetensors")
      try expectEqual(file(folder + "/two/model.safetensors"), one)
      try expectNotEqual(file(folder + "/other/model.safetensors"), one)
      try expectEqual(file(folder + "/two/config.json"), file(folder + "/one/config.json"))
    }
  }

  @Test(arguments: [
    ["--optimizer", "adam", "--schedule", "constant"],
    ["--optimizer", "adamw", "--schedule", "step", "--warm-up", "0.5"],
    ["--momentum", "0", "--label-smoothing", "0.1", "--dropout", "0"], ["--model", "784-10", "--weight-decay", "1e-4"],
  ])
  func everyRecipeLearns(options: [String]) throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["train", "--epochs", "1", "--json", "--quiet"] + options, folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      try expectGreater(unwrapped(try result.json().last?["test_accuracy"] as? Double), 0.6)
    }
  }

  @Test func peopleGetASummaryAndAFolderNamedByTimeAndSeed() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(Self.quick + ["--seed", "7"], folder: folder)
      expectEqual(result.lines.count, 2)
      expectTrue(result.lines[0].hasPrefix("test accuracy "))
      expectTrue(result.lines[1].hasPrefix("saved in runs/2"))
      expectTrue(result.lines[1].hasSuffix("-seed7"))
      expectTrue(result.error.contains("digits: 10,000 training and 10,000 test samples"))
      expectTrue(result.error.contains("network 784-32-10, dropout 0.5, 25,450 parameters, seed 7"))
      expectEqual(result.error.split(separator: "\n").filter { $0.hasPrefix("epoch 1/1  loss ") }.count, 1)
    }
  }

  @Test func aFolderThatHoldsSomethingIsNotTouchedWithoutForce() throws {
    try Tool.withFolder { folder in
      try "mine".write(toFile: folder + "/config.json", atomically: false, encoding: .utf8)
      let refused = try Tool.run(Self.quick + ["--out", folder])
      expectEqual(refused.status, 74)
      expectTrue(refused.error.contains("expected an empty or new folder, got one that holds config.json"))
      try expectEqual(String(contentsOfFile: folder + "/config.json", encoding: .utf8), "mine")
      let forced = try Tool.run(Self.quick + ["--out", folder, "--force"])
      expectEqual(forced.status, 0)
      try expectTrue(String(contentsOfFile: folder + "/config.json", encoding: .utf8).hasPrefix("{\n  \"schema\": 2,"))
    }
  }

  @Test func divergenceExitsWithThreeAndSaysWhere() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(Self.quick + ["--learning-rate", "1e30"], folder: folder)
      expectEqual(result.status, 3)
      expectTrue(result.error.contains("Error: epoch 1, step "))
      expectTrue(result.error.contains(": the loss became "))
      expectEqual(result.error.split(separator: "epoch 1, step ").count, 2, "the place is said once")
    }
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aSignalFinishesTheStepSavesAndTellsTheShell(signal: Int32, status: Int32) throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(
        ["train", "--epochs", "300", "--model", "784-16-10", "--out", "run", "--json", "--quiet"], folder: folder)
      let (output, error) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = error
      try process.run()
      // The first epoch's line says that training is under way.
      var text = ""
      while !text.contains("\"event\":\"epoch\"") {
        let bytes = output.fileHandleForReading.availableData
        try #require(!bytes.isEmpty, "the program ended: \(text)")
        text += String(decoding: bytes, as: UTF8.self)
      }
      kill(process.processIdentifier, signal)
      text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      expectEqual(Tool.status(process), status)
      expectEqual(process.terminationReason, .exit, "the program ended by itself")
      expectTrue(message.hasPrefix("interrupted after step "))
      expectTrue(text.contains("\"event\":\"interrupted\""))
      let inspected = try Tool.run(["inspect", "run/model.safetensors", "--json"], folder: folder)
      expectEqual(inspected.status, 0)
      try expectTrue(inspected.json().last?["parameters"] as? Int == 784 * 16 + 16 + 16 * 10 + 10)
    }
  }

  @Test func divergenceInTheLastStepIsNoSuccess() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(
        Self.quick + ["--learning-rate", "1e38", "--batch-size", "10000", "--json", "--out", "run"], folder: folder)
      expectEqual(result.status, 3)
      expectTrue(result.error.contains("the validation loss became "))
      expectTrue(!result.text.contains("finished"))
      expectTrue(!FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  @Test func aReaderThatLeavesDoesNotEndTheTraining() throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(
        ["train", "--epochs", "3", "--model", "784-32-10", "--out", "run", "--json", "--quiet"], folder: folder)
      let (output, error) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = error
      try process.run()
      expectTrue(!output.fileHandleForReading.availableData.isEmpty)
      try output.fileHandleForReading.close()
      let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      expectEqual(Tool.status(process), 0)
      expectTrue(message.isEmpty)
      expectTrue(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  @Test func metricsThatCannotBeWrittenCostTheRunNotTheModel() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }  // macOS has no such device
    try Tool.withFolder { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/metrics.jsonl", withDestinationPath: "/dev/full")
      let result = try Tool.run(Self.quick + ["--out", folder, "--force"])
      expectEqual(result.status, 74)
      expectTrue(result.error.contains("cannot write the metrics; the model so far is in \(folder)/model.safetensors"))
      try expectEqual(Tool.run(["inspect", folder + "/model.safetensors"]).status, 0)
    }
  }

  /// A reader that closes the pipe is no error; a full disk is.
  @Test func aResultThatCannotBeWrittenEndsWithAnError() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }  // macOS has no such device
    try Tool.withFolder { folder in
      let train = "moult train --epochs 1 --model 784-16-10 --out run"
      let full = try Tool.run(["-c", train + " >/dev/full"], program: "/bin/sh", folder: folder)
      expectTrue(full.status == 74 && full.error.contains("cannot write to standard output"), "\(full.error)")
      expectTrue(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  @Test func noOldModelIsLeftBesideTheSettingsOfAForcedRun() throws {
    try Tool.withFolder { folder in
      try expectEqual(Tool.run(Self.quick + ["--out", "run"], folder: folder).status, 0)
      let failed = try Tool.run(Self.quick + ["--out", "run", "--force", "--learning-rate", "1e30"], folder: folder)
      expectEqual(failed.status, 3)
      try expectEqual(
        FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted(),
        [
          "config.json", "events.tfevents", "metrics.csv", "metrics.jsonl",
        ])
    }
  }

  @Test func theFolderIsCheckedBeforeTheDataAreRead() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["train", folder, "--out", "/proc/nosuch/run"])
      expectEqual(result.status, 74)
    }
  }

  @Test func validationLossAndTestLossAreTheSameQuantity() throws {
    try Tool.withFolder { folder in
      let events = try Tool.run(Self.quick + ["--label-smoothing", "0.3", "--json"], folder: folder).json()
      let validation = try unwrapped(events.dropLast().last?["validation_loss"] as? Double)
      expectLess(abs(validation - (try unwrapped(events.last?["test_loss"] as? Double))), 1e-9)
    }
  }

  @Test func aStreamThatIsClosedGetsNoFile() throws {
    try Tool.withFolder { folder in
      let train = "moult train --epochs 2 --model 784-16-10 --no-report --out run"
      let result = try Tool.run(["-c", train + " >&- 2>&-"], program: "/bin/sh", folder: folder)
      expectEqual(result.status, 74)
      let log = try String(contentsOfFile: folder + "/run/metrics.jsonl", encoding: .utf8)
      expectTrue(!log.isEmpty && log.split(separator: "\n").allSatisfy { $0.hasPrefix("{") }, "\(log)")
    }
  }

  @Test func whatCannotBeIsRefusedBeforeAnythingIsWritten() throws {
    try Tool.withFolder { folder in
      for (options, message) in [
        (["--time-limit", "1e300"], "at most 1e9"), (["--time-limit", "0"], "a positive number of seconds"),
        (["--find-learning-rate", "--dry-run"], "--find-learning-rate: expected without"),
        (["--find-learning-rate", "--print-config"], "--find-learning-rate: expected without"),
      ] {
        let result = try Tool.run(["train", "--out", "run"] + options, folder: folder)
        expectTrue(result.status == 64 && result.error.contains(message), "\(result.error)")
      }
      expectTrue(!FileManager.default.fileExists(atPath: folder + "/run"))
    }
  }

  @Test func settingsComeFromAPipeToo() throws {
    let script = #"printf '{"training":{"epochs":7}}' | moult train --print-config --config /dev/stdin"#
    let piped = try Tool.run(["-c", script], program: "/bin/sh")
    expectTrue(piped.status == 0 && piped.lines.contains { $0.contains("\"epochs\": 7") }, "\(piped.error)")
    try Tool.withFolder { folder in
      let result = try Tool.run(["train", "--config", folder])
      expectTrue(result.status == 66 && result.error.contains("got a folder; name the file in it"), "\(result.error)")
      let endless = try Tool.run(["train", "--config", "/dev/zero"])
      expectTrue(endless.status == 65 && endless.error.contains("at most 1 MiB"), "\(endless.error)")
    }
  }

  @Test func aDryRunCountsEmbeddings() throws {
    try Tool.withFolder { folder in
      let rows = (0..<200).map { "c\($0 % 20),\($0 * 7 % 11),\($0 % 13).5\n" }.joined()
      try ("city,n,y\n" + rows).write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let arguments = ["train", "x.csv", "--target", "y", "--json"]
      let plan = try unwrapped(try Tool.run(arguments + ["--dry-run"], folder: folder).json().first)
      let layers = try unwrapped(plan["layers"] as? [[String: Any]])
      expectTrue(layers.first?["name"] as? String == "embedding 1")
      let counts = layers.compactMap { $0["parameters"] as? Int }
      let started = try unwrapped(
        try Tool.run(arguments + ["--epochs", "1", "--no-report", "--out", "run"], folder: folder).json().first)
      expectTrue(plan["parameters"] as? Int == counts.reduce(0, +))
      expectTrue(plan["parameters"] as? Int == started["parameters"] as? Int && counts.count == 4)
    }
  }
}
