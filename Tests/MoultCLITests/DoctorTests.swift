import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct DoctorTests {
  /// A run that takes a moment.
  private static let quick = ["train", "--epochs", "1", "--model", "784-32x2-10", "--quiet", "--out", "run"]

  private func train(_ options: [String] = [], in folder: String) throws {
    let result = try Tool.run(Self.quick + options, folder: folder)
    expectEqual(result.status, 0, "\(result.error)")
  }

  /// Changes the parameters of a run's model.
  private func change(_ folder: String, _ body: (inout [String: Tensor]) -> Void) throws {
    let path = folder + "/run/model.safetensors"
    var (tensors, metadata) = try SafeTensors.read(path)
    body(&tensors)
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  @Test func aSoundRunIsHealthy() throws {
    try Tool.withFolder { folder in
      try train(["--input-dropout", "0.2", "--max-norm", "4"], in: folder)
      let before = try FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted()
      let text = try Tool.run(["doctor", "run", "--worker", "0,2,64", "--worker", "1,2,64"], folder: folder)
      expectTrue(text.status == 0 && text.lines.last == "healthy", "\(text.text)\(text.error)")
      expectTrue(text.error.contains("network 784-32-32-10, dropout 0.5, looked at over 10,000 samples of digits"))
      let events = try Tool.run(["doctor", "run", "--json", "--quiet"], folder: folder).json()
      expectTrue(events.allSatisfy { $0["schema"] as? Int == 1 })
      let rates = events.filter { $0["kind"] as? String == "keep_rate" }
      expectEqual(rates.map { $0["layer"] as? String }, ["inputDropout", "dropouts.0", "dropouts.1"])
      expectTrue(rates.allSatisfy { ($0["figures"] as? [String: Double])?["z"].map { abs($0) < 5 } ?? false })
      let last = try unwrapped(events.last)
      expectTrue(last["event"] as? String == "diagnosed" && last["healthy"] as? Bool == true)
      try expectEqual(
        FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted(), before, "nothing is written")
    }
  }

  @Test func illnessesAreFoundAndEndWithOne() throws {
    try Tool.withFolder { folder in
      try train(["--dropout", "0", "--max-norm", "0.3"], in: folder)
      try change(folder) { $0["hiddenLayers.1.bias"] = Tensor.full([32], -1e6) }
      let result = try Tool.run(["doctor", "run", "--json", "--quiet"], folder: folder)
      expectTrue(result.status == 1 && result.error.isEmpty)
      let found = try result.json().filter { $0["severity"] as? String != "note" }
        .compactMap { event in (event["kind"] as? String).map { "\($0) \(event["layer"] ?? "")" } }
      expectEqual(
        found,
        [
          "dead_units hiddenLayers.1", "extreme_rate dropouts.0", "extreme_rate dropouts.1",
          "saturated_max_norm hiddenLayers.0", "saturated_max_norm hiddenLayers.1",
        ])
      let text = try Tool.run(["doctor", "run"], folder: folder)
      expectTrue(text.status == 1 && text.lines.last == "errors: 1, warnings: 4")
    }
  }

  @Test func runsOnTablesAreLookedAt() throws {
    try Tool.withFolder { folder in
      try TableTrainingTests.quantities.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let trained = try Tool.run(
        ["train", "x.csv", "--target", "y", "--epochs", "2", "--no-report", "--out", "run"], folder: folder)
      expectEqual(trained.status, 0, "\(trained.error)")
      for arguments in [["run"], ["run", "--samples", "100"], ["run/model.safetensors", "x.csv"]] {
        let result = try Tool.run(["doctor"] + arguments, folder: folder)
        let count = arguments.contains("--samples") ? 100 : 120
        expectTrue(result.status == 0 && result.lines.last == "healthy", "\(result.text)\(result.error)")
        expectTrue(result.error.contains("dropout 0.1, looked at over \(count) samples of x.csv"), "\(result.error)")
      }
    }
  }

  @Test(arguments: [["--dropout", "0.25", "--input-dropout", "0.2"], ["--dropout", "0", "--max-norm", "0.3"]])
  func aFileAloneIsDiagnosedAsItsRun(options: [String]) throws {
    try Tool.withFolder { folder in
      try train(options, in: folder)
      let file = ["doctor", "run/model.safetensors", "digits", "--json"]
      let ofRun = try Tool.run(["doctor", "run", "--json"], folder: folder)
      let ofFile = try Tool.run(file, folder: folder)
      expectTrue(ofFile.text == ofRun.text && ofFile.error == ofRun.error, "\(ofFile.text)\(ofFile.error)")
      expectTrue(ofFile.status == ofRun.status && !ofFile.text.isEmpty)
      for (changes, name) in [
        (["--dropout", "0.4"], "dropout 0.4"), (["--variant", "gaussian-noise"], "gaussian-noise 0.3"),
      ] {
        let changed = try Tool.run(file + changes, folder: folder)
        expectTrue(changed.error.contains("network 784-32-32-10, \(name), looked at"), "\(changed.error)")
      }
    }
  }

  @Test func aFileAloneTakesItsRatesFromTheOptions() throws {
    try Tool.withFolder { folder in
      try train(in: folder)
      let file = "run/model.safetensors"
      try expectEqual(Tool.run(["doctor", file, "digits"], folder: folder).status, 0)
      let ill = try Tool.run(["doctor", file, "--dropout", "1", "--json"], folder: folder)
      let severity = try ill.json()[0]["severity"] as? String
      expectTrue(ill.status == 1 && severity == "error")
      let refused = try Tool.run(["doctor", "run", "--dropout", "1"], folder: folder)
      expectTrue(refused.status == 64 && refused.error.contains("--dropout: expected with a model file only"))
    }
  }

  @Test func workersWithRowsInCommonAreFound() throws {
    try Tool.withFolder { folder in
      try train(in: folder)
      let ill = try Tool.run(["doctor", "run", "--worker", "0,1,64", "--worker", "48,1,64"], folder: folder)
      expectEqual(ill.status, 1)
      let expected = ["dropouts.0", "dropouts.1"].map {
        "error: \($0): workers 0 and 1 draw the same masks for 16 of 64 rows; give each worker samples of its own: "
          + "withStep(t, firstSample: worker, sampleStride: workers)"
      }
      expectEqual(Array(ill.lines.prefix(2)), expected, "\(ill.text)")
      for (workers, message) in [
        (["0,1,64"], "--worker: expected two or more, to compare, got 1"),
        (["0,1", "1,1"], "expected first,stride,rows such as 0,2,64, got '0,1'"),
        (["0,1,0", "1,1,1"], "expected first,stride,rows"), (["0,-1,2", "1,1,1"], "expected first,stride,rows"),
        (["0,4294967295,3", "1,1,1"], "expected samples below 2^32, got 8589934590"),
      ] {
        let refused = try Tool.run(["doctor", "run"] + workers.flatMap { ["--worker", $0] }, folder: folder)
        expectTrue(refused.status == 64 && refused.error.contains(message), "\(refused.error)")
      }
    }
  }

  /// Layers that hold their linear layer, and layers with parameters of their own, say so in the names of the file.
  @Test(arguments: ["multi-sample", "standout", "concrete", "variational-dropout"])
  func aFileAloneSaysWhichVariantItsNamesAreOf(variant: String) throws {
    try Tool.withFolder { folder in
      try train(["--variant", variant], in: folder)
      let file = "run/model.safetensors"
      for options in [[], ["--variant", variant]] {
        let result = try Tool.run(["doctor", file, "--samples", "500"] + options, folder: folder)
        expectTrue([0, 1].contains(result.status), "\(result.error)")
        expectTrue(result.error.contains("network 784-32-32-10, \(variant) 0.5, looked at"), "\(result.error)")
      }
      let other = try Tool.run(["doctor", file, "--variant", "gaussian-dropout"], folder: folder)
      expectTrue(other.status == 65 && other.error.contains(file), "\(other.error)")
    }
  }

  @Test func optionsThatNoNetworkHasAreRefused() throws {
    try Tool.withFolder { folder in
      try train(in: folder)
      for (options, message) in [
        (["--dropout", "7"], "--dropout: expected a rate in 0...1, got 7.0; it is the probability of dropping"),
        (["--dropout", "nan"], "--dropout: expected a rate in 0...1, got nan"),
        (["--input-dropout=-1"], "--input-dropout: expected a rate in 0...1, got -1.0"),
        (["--max-norm", "0"], "--max-norm: expected a positive number, got 0.0"),
        (
          ["--variant", "gaussian-dropout", "--dropout", "1"],
          "--dropout: expected a rate below 1 with --variant gaussian-dropout, got 1.0"
        ),
        (
          ["--variant", "spatial-dropout-2d"],
          "--variant: expected one that applies to the network, got spatial-dropout-2d, which needs channels"
        ),
        (["--variant", "dropconnect", "--max-norm", "2"], "--max-norm: expected without --variant dropconnect"),
      ] {
        let result = try Tool.run(["doctor", "run/model.safetensors"] + options, folder: folder)
        expectTrue(result.status == 64 && result.error.contains(message), "\(result.status) \(result.error)")
        expectTrue(result.text.isEmpty)
      }
    }
  }

  @Test func settingsThatNoNetworkHasAreBadData() throws {
    try Tool.withFolder { folder in
      try train(in: folder)
      let path = URL(fileURLWithPath: folder + "/run/config.json")
      let sound = try unwrapped(try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
      for (changes, message) in [
        (["dropout": 7], "config.json: model.dropout: expected a rate in 0...1, got 7.0"),
        (["input_dropout": -0.5], "config.json: model.input_dropout: expected a rate in 0...1, got -0.5"),
        (["max_norm": 0], "config.json: model.max_norm: expected a positive number, got 0.0"),
        (["variant": "dropuot"], "config.json: model.variant: expected the name of a variant, got 'dropuot'"),
        (["variant": "cutout"], "config.json: model.variant: expected one that applies to the network, got cutout"),
        (["variant": "concrete", "dropout": 1], "config.json: model.dropout: expected a rate below 1"),
        (["variant": "standout", "max_norm": 2], "config.json: model.max_norm: expected without"),
        (["layers": "784-x"], "config.json: model.layers: expected a size at position 5"),
        (
          ["layers": "784-1000000x900-10"],
          "model.safetensors: expected a network 784-1000000-1000000"
        ),
      ] as [([String: Any], String)] {
        let model = try unwrapped(sound["model"] as? [String: Any]).merging(changes) { $1 }
        try JSONSerialization.data(withJSONObject: sound.merging(["model": model]) { $1 }).write(to: path)
        let result = try Tool.run(["doctor", "run"], folder: folder)
        expectTrue(
          result.status == 65 && result.error.contains(message), "\(result.status) \(result.error.prefix(400))")
        expectTrue(result.text.isEmpty)
      }
    }
  }

  @Test func whatCannotBeLookedAtIsSaid() throws {
    try Tool.withFolder { folder in
      try train(in: folder)
      func fails(_ arguments: [String], _ status: Int32, _ message: String) throws {
        let result = try Tool.run(["doctor"] + arguments, environment: ["MOULT_CACHE": folder], folder: folder)
        expectTrue(result.status == status && result.error.contains(message) && result.text.isEmpty, "\(result.error)")
      }
      try fails(["nosuch"], 66, "nosuch: expected a file that can be read")
      try fails(["run", "mnist"], 66, "nothing is downloaded here; run 'moult data download mnist' first")
      try fails(["run", "--samples", "0"], 64, "--samples: expected 1 to 1000000, got 0")
      try SafeTensors.write(["weight": Tensor([[1, 2]])], metadata: [:], to: folder + "/other.safetensors")
      try fails(["other.safetensors"], 65, "expected outputLayer.weight [out, in], as files of 'moult train' have it")
      try SafeTensors.write(["outputLayer.weight": Tensor([[1, 2]])], metadata: [:], to: folder + "/small.safetensors")
      try fails(["small.safetensors"], 64, "digits: expected samples of 2 inputs, as the model 2-1 takes, got 784")
      try "{}".write(toFile: folder + "/run/config.json", atomically: false, encoding: .utf8)
      try fails(["run"], 65, "run/config.json: expected the settings of a run, with model.layers, model.dropout")
    }
  }
}
