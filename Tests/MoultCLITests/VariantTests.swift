import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct VariantTests {
  private func variants(_ options: [String] = []) throws -> [[String: Any]] {
    let result = try Tool.run(["train", "--list-variants", "--json"] + options)
    expectTrue(result.status == 0 && result.error.isEmpty)
    return try result.json()
  }

  @Test func theListSaysForEachVariantWhetherItAppliesAndWhy() throws {
    let listed = try variants()
    expectEqual(listed.map { $0["name"] as? String }, DropoutVariant.all.map(\.name))
    for variant in listed {
      expectTrue(variant["schema"] as? Int == 1 && variant["event"] as? String == "variant")
      let applies = try unwrapped(variant["applies"] as? Bool), why = try unwrapped(variant["why"] as? String)
      expectTrue(!why.isEmpty && why.hasPrefix("needs ") != applies, "\(variant)")
      expectEqual(variant["rate"] is Double, applies)
    }
    let text = try Tool.run(["train", "--list-variants"])
    expectTrue(text.lines.count == listed.count + 1 && text.lines[0].hasPrefix("variant"))
  }

  @Test func withoutHiddenLayersThereIsNoPlaceForMost() throws {
    let listed = try variants(["--model", "784-10"])
    let plain = try unwrapped(listed.first { $0["name"] as? String == "dropout" })
    expectTrue(plain["applies"] as? Bool == false && plain["why"] as? String == "needs a hidden layer")
    let refused = try Tool.run(["train", "--model", "784-10", "--variant", "dropout"])
    expectTrue(refused.status == 64 && refused.error.contains("got dropout, which needs a hidden layer"))
  }

  @Test func everyVariantThatAppliesLearnsTheDigits() throws {
    try Tool.withFolder { folder in
      var models: [[Float]: String] = [:]
      for variant in try variants() where variant["applies"] as? Bool == true {
        let name = try unwrapped(variant["name"] as? String)
        let result = try Tool.run(
          [
            "train", "--variant", name, "--model", "784-192x2-10", "--epochs", "6", "--json", "--quiet", "--no-report",
            "--out", name,
          ],
          folder: folder)
        expectEqual(result.status, 0, "\(name): \(result.error)")
        let accuracy = try unwrapped(try result.json().last?["test_accuracy"] as? Double, "\(name)")
        expectAtLeast(accuracy, 0.93, "\(name)")
        let model = try SafeTensors.read("\(folder)/\(name)/model.safetensors").tensors["outputLayer.weight"]
        let weights = try unwrapped(model).scalars(as: Float.self)
        expectNil(models.updateValue(name, forKey: weights), "\(name) trains as another does")
        let configuration = try JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/config.json")))
        let settings = try unwrapped((configuration as? [String: Any])?["model"] as? [String: Any])
        expectTrue(settings["variant"] as? String == name)
        expectTrue(settings["dropout"] as? Double == variant["rate"] as? Double)
        let doctor = try Tool.run(["doctor", name, "--samples", "500"], folder: folder)
        expectTrue([0, 1].contains(doctor.status), "\(name): \(doctor.error)")
        expectTrue(!doctor.text.contains("error: "), "\(name): \(doctor.text)")
      }
    }
  }

  @Test(arguments: ["concrete", "variational-dropout", "variational-linear"])
  func aLearnedRateCannotBeginAtZero(name: String) throws {
    expectEqual(DropoutVariant.all.first { $0.name == name }?.isRateLearned, true)
    let result = try Tool.run(["train", "--variant", name, "--dropout", "0"])
    expectEqual(result.status, 64)
    expectTrue(result.error.contains("--dropout: expected a rate above 0 with --variant \(name), got 0.0"))
  }

  @Test func theOptionSetsTheRateOfTheVariant() throws {
    try Tool.withFolder { folder in
      let quick = [
        "train", "--epochs", "1", "--model", "784-32x2-10", "--quiet", "--variant", "alpha-dropout", "--out",
      ]
      var models: Set<Data> = []
      for (name, options, rate) in [("usual", [], 0.1), ("given", ["--dropout", "0.3"], 0.3)] {
        try expectEqual(Tool.run(quick + [name] + options, folder: folder).status, 0)
        let configuration = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/config.json"))
        let sections = try JSONSerialization.jsonObject(with: configuration) as? [String: Any]
        let settings = try unwrapped(sections?["model"] as? [String: Any])
        expectTrue(settings["dropout"] as? Double == rate)
        models.insert(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/model.safetensors")))
        let doctor = try Tool.run(["doctor", name, "--samples", "100"], folder: folder)
        expectTrue(doctor.text.contains("the rate says \(1 - rate)0000 "), "\(doctor.text)")
      }
      expectEqual(models.count, 2)
    }
  }

  @Test func thePlainVariantIsWhatTrainingDoesAnyway() throws {
    try Tool.withFolder { folder in
      let quick = ["train", "--epochs", "1", "--model", "784-32x2-10", "--quiet", "--input-dropout", "0.1", "--out"]
      try expectEqual(Tool.run(quick + ["a"], folder: folder).status, 0)
      try expectEqual(Tool.run(quick + ["b", "--variant", "dropout"], folder: folder).status, 0)
      for file in ["model.safetensors", "config.json"] {
        let unnamed = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a/\(file)"))
        let named = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/b/\(file)"))
        expectEqual(unnamed, named, "\(file)")
      }
    }
  }

  @Test func anUnknownNameListsTheNearOnes() throws {
    for (wrong, near) in [("dropuot", "dropout"), ("Dropout", "dropout"), ("drop", "dropout")] {
      let result = try Tool.run(["train", "--variant", wrong])
      expectEqual(result.status, 64)
      expectTrue(result.error.contains("expected the name of a variant, got '\(wrong)'; near it: "), "\(result.error)")
      expectTrue(result.error.contains(near))
    }
    let far = try Tool.run(["train", "--variant", "xyzzyxyzzy"])
    expectTrue(far.status == 64 && far.error.contains("got 'xyzzyxyzzy'; moult train --list-variants shows all"))
  }
}
