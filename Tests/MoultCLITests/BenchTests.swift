import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct BenchTests {
  /// Runs a benchmark for a moment and returns its last line.
  private func bench(_ arguments: [String]) throws -> [String: Any] {
    let result = try Tool.run(["bench"] + arguments + ["--repetitions", "5", "--json"])
    expectEqual(result.status, 0, "\(result.error)")
    expectTrue(result.error.isEmpty)
    return try unwrapped(try result.json().last)
  }

  /// What every benchmark promises; returns the median.
  @discardableResult
  private func expectBench(_ json: [String: Any], _ name: String) throws -> Double {
    expectTrue(
      json["schema"] as? Int == 1 && json["event"] as? String == "bench" && json["benchmark"] as? String == name)
    expectTrue(json["repetitions"] as? Int == 5)
    expectTrue(json["threads"] as? Int != nil && json["instruction_set"] as? String != nil)
    let median = try unwrapped(json["microseconds_median"] as? Double)
    let fastest = try unwrapped(json["microseconds_min"] as? Double)
    let mean = try unwrapped(json["microseconds_mean"] as? Double)
    expectTrue(fastest > 0 && fastest <= median && fastest <= mean)
    return median
  }

  private func people(_ arguments: [String]) throws -> [String] {
    let result = try Tool.run(["bench"] + arguments + ["--repetitions", "5"])
    expectEqual(result.status, 0, "\(result.error)")
    return result.lines
  }

  // MARK: - step

  private static let tinyStep = ["step", "--model", "20-8-2", "--batch-size", "4"]

  @Test(arguments: [[], ["--inputs", "mnist"], ["--optimizer", "adam", "--input-dropout", "0.2"]])
  func aStepIsTimedThePromisedWay(options: [String]) throws {
    let json = try bench(["step", "--model", "784-32x2-10", "--batch-size", "8"] + options)
    try expectBench(json, "step")
    expectTrue(json["model"] as? String == "784-32-32-10")
    expectTrue(json["batch_size"] as? Int == 8 && json["batches"] as? Int == 10)
  }

  @Test func peopleGetALine() throws {
    let lines = try people(Self.tinyStep)
    try #require(lines.count == 2)
    expectTrue(lines[0].hasPrefix("step of 20-8-2, batch 4, dropout 0.5, normal inputs"))
    expectTrue(lines[1].hasPrefix("floor ") && lines[1].contains("times as long"))
  }

  /// Without dropout and ReLU's zeros nothing can be skipped: all multiply-adds of the products count.
  @Test func theFloorCountsTheMultiplyAddsOfTheStep() throws {
    let dense = try bench(["step", "--model", "20-2", "--batch-size", "4", "--dropout", "0"])
    // The forward product and the gradient by the weights; nothing asks for that by the inputs.
    expectTrue(dense["nonzero_multiply_adds"] as? Int == 2 * 4 * 20 * 2)
    let deep = try bench(["step", "--model", "20-64-2", "--batch-size", "50", "--dropout", "0.5"])
    let all = 50 * (2 * 20 * 64 + 3 * 64 * 2)
    let count = try unwrapped(deep["nonzero_multiply_adds"] as? Int)
    expectTrue(count < all && count > all / 8)
    let floor = try unwrapped(deep["floor_microseconds"] as? Double),
      peak = try unwrapped(deep["peak_gflops"] as? Double)
    expectTrue(abs(floor - Double(2 * count) / peak * 1e-3) < 0.002 && peak > 0.01)
    let ratio = try unwrapped(deep["step_over_floor"] as? Double)
    let median = try unwrapped(deep["microseconds_median"] as? Double)
    expectLess(abs(ratio * floor / median - 1), 0.02)
    // A layer with more products than those of its weights has no floor.
    try expectNil(bench(["step", "--model", "20-8-2", "--variant", "variational-linear"])["floor_microseconds"])
  }

  @Test func randomBatchesAreOnlyAsManyAsFitTheirMemory() throws {
    try expectTrue(bench(["predict", "--model", "1000000-1", "--batch-size", "40"])["batches"] as? Int == 1)
  }

  @Test func digitsAreOnlyAsManyAsThereAre() throws {
    let options = ["--model", "784-1-10", "--inputs", "mnist", "--batch-size", "4000"]
    try expectTrue(bench(["step"] + options)["batches"] as? Int == 2)
  }

  @Test(arguments: [DType.int64, .int32, .uint8])
  func aFileGivesInputsAndBatches(dtype: DType) throws {
    try Tool.withFolder { folder in
      let inputs = Tensor.randomNormal([3, 4, 20], seed: 1), labels = Tensor.full([3, 4], 1, dtype: dtype)
      try SafeTensors.write(["inputs": inputs, "labels": labels], to: folder + "/x.safetensors")
      let json = try bench(["step", "--model", "20-8-2", "--inputs", folder + "/x.safetensors"])
      try expectBench(json, "step")
      expectTrue(json["batch_size"] as? Int == 4 && json["batches"] as? Int == 3)
      expectTrue(json["inputs"] as? String == folder + "/x.safetensors")
    }
  }

  @Test func aFileGivesInputsToPredict() throws {
    try Tool.withFolder { folder in
      let inputs = Tensor.randomNormal([3, 4, 20], seed: 1), labels = Tensor.zeros([3, 4], dtype: .int64)
      try SafeTensors.write(["inputs": inputs, "labels": labels], to: folder + "/x.safetensors")
      let options = ["--model", "20-8-2", "--samples", "7", "--inputs", folder + "/x.safetensors"]
      let json = try bench(["predict"] + options)
      try expectBench(json, "predict")
      expectTrue(json["batch_size"] as? Int == 4 && json["batches"] as? Int == 3 && json["samples"] as? Int == 7)
      let narrow = try Tool.run(["bench", "predict", "--model", "5-2", "--inputs", folder + "/x.safetensors"])
      expectTrue(narrow.status == 65 && narrow.error.contains("--inputs: expected 5 inputs"), "\(narrow.error)")
    }
  }

  @Test func digitsGoIntoPredictionsOfTheirSize() throws {
    let json = try bench([
      "predict", "--model", "784-4-10", "--samples", "3", "--batch-size", "50", "--inputs", "mnist",
    ])
    expectTrue(json["batch_size"] as? Int == 50 && json["batches"] as? Int == 10)
    let result = try Tool.run(["bench", "predict", "--model", "20-2", "--inputs", "mnist"])
    expectTrue(result.status == 64 && result.error.contains("784 inputs"), "\(result.error)")
  }

  @Test func withoutAModelTheFileDecidesItsEnds() throws {
    try Tool.withFolder { folder in
      let inputs = Tensor.zeros([1, 2, 20]), labels = Tensor([0, 6] as [Int64], shape: [1, 2])
      try SafeTensors.write(["inputs": inputs, "labels": labels], to: folder + "/x.safetensors")
      try expectTrue(bench(["step", "--inputs", folder + "/x.safetensors"])["model"] as? String == "20-256-256-7")
    }
  }

  /// The loss that is read back tells which numbers went in: after the same steps on one batch of zeros without hidden
  /// layers, it is the loss of the biases alone.
  @Test func theNumbersOfTheFileAreThoseTrainedOn() throws {
    try Tool.withFolder { folder in
      func loss(_ inputs: Tensor, _ labels: Tensor) throws -> Double {
        try SafeTensors.write(["inputs": inputs, "labels": labels], to: folder + "/x.safetensors")
        let json = try bench(["step", "--model", "3-2", "--inputs", folder + "/x.safetensors"])
        return try unwrapped(json["loss"] as? Double)
      }
      let labels = Tensor([0, 1, 0, 1] as [Int64], shape: [1, 4])
      let blind = try loss(.zeros([1, 4, 3]), labels)
      let seeing = try loss(
        Tensor([[[1, 0, 0], [-1, 0, 0], [1, 0, 0], [-1, 0, 0]]]), labels)
      expectTrue(blind > 0.6 && seeing < 0.5, "\(blind), \(seeing)")
    }
  }

  /// Without hidden layers, one output learns the first input to the last digit.
  @Test func oneOutputLearnsTheFirstInput() throws {
    try Tool.withFolder { folder in
      let inputs = Tensor([[[1, 0, 0], [-1, 0, 0], [2, 0, 0], [-2, 0, 0]]])
      try SafeTensors.write(
        ["inputs": inputs, "labels": .zeros([1, 4], dtype: .int64)], to: folder + "/x.safetensors")
      let options = ["--inputs", folder + "/x.safetensors", "--repetitions", "500", "--json"]
      let json = try Tool.run(["bench", "step", "--model", "3-1"] + options).json()
      let loss = try unwrapped(json.last?["loss"] as? Double)
      expectLess(loss, 1e-6, "\(loss)")
    }
  }

  /// Labels that the network cannot know cost more than those that it has learned.
  @Test func evaluateTellsTheLossesOfBothFiles() throws {
    try Tool.withFolder { folder in
      func file(_ name: String, _ labels: [Int64]) throws -> String {
        let path = folder + "/" + name
        let inputs = Tensor([[[1, 0, 0], [-1, 0, 0], [1, 0, 0], [-1, 0, 0]]])
        try SafeTensors.write(["inputs": inputs, "labels": Tensor(labels, shape: [1, 4])], to: path)
        return path
      }
      let (known, swapped) = (try file("a", [0, 1, 0, 1]), try file("b", [1, 0, 1, 0]))
      let json = try bench(["step", "--model", "3-2", "--inputs", known, "--evaluate", swapped])
      let train = try unwrapped(json["train_loss"] as? Double), test = try unwrapped(json["test_loss"] as? Double)
      expectTrue(train < 0.6 && test > 0.8, "\(train), \(test)")
      try expectNil(bench(["step", "--model", "3-2", "--inputs", known])["test_loss"])
    }
  }

  @Test func whatToEvaluateMustFitTheNetwork() throws {
    try Tool.withFolder { folder in
      let path = folder + "/x.safetensors"
      try SafeTensors.write(["inputs": .zeros([1, 2, 4]), "labels": .full([1, 2], 2, dtype: .int64)], to: path)
      let result = try Tool.run(["bench", "step", "--model", "20-8-2", "--evaluate", path])
      expectEqual(result.status, 65)
      expectTrue(result.error.contains("--evaluate: expected 20 inputs and at most 2 classes, got 4 and 3"))
      let missing = try Tool.run(["bench", "step", "--model", "20-8-2", "--evaluate", folder + "/none"])
      expectEqual(missing.status, 66)
      expectTrue(missing.error.contains("--evaluate: expected a safetensors file, got '\(folder)/none'"))
    }
  }

  // MARK: - step --stages

  @Test func stagesShowEveryProductOfEveryLayer() throws {
    let options = ["--stages", "--repetitions", "5", "--json", "--input-dropout", "0.2"]
    let json = try Tool.run(["bench", "step", "--model", "200-160x2-10", "--batch-size", "32"] + options).json()
    let stages = json.dropLast()
    let names = stages.map { "\($0["layer"] as? Int ?? -1) \($0["stage"] as? String ?? "")" }
    // Nobody needs the gradient by the data.
    try #require(
      names == [
        "0 forward", "0 weight_gradient", "1 forward", "1 input_gradient", "1 weight_gradient", "2 forward",
        "2 input_gradient", "2 weight_gradient", "-1 rest",
      ])
    for stage in stages {
      expectTrue(stage["schema"] as? Int == 1 && stage["event"] as? String == "stage")
      expectTrue(stage["microseconds"] as? Double != nil)
    }
    func expectDensity(_ index: Int, _ key: String, _ range: ClosedRange<Double>) throws {
      let density = try unwrapped(stages[index][key] as? Double)
      expectTrue(range.contains(density), "\(names[index]) \(key): \(density)")
    }
    // Input dropout leaves 0.8 (6400 draws a step), ReLU and dropout a quarter; the loss's gradient has no zeros.
    try expectDensity(0, "density", 0.75...0.85)
    try expectDensity(2, "density", 0.15...0.35)
    try expectDensity(3, "density", 0.1...0.35)
    try expectDensity(6, "density", 1...1)
    try expectDensity(7, "input_density", 0.15...0.35)
    try expectDensity(7, "gradient_density", 1...1)
    expectTrue(stages[0]["path"] as? String == "dense" && stages[2]["path"] as? String == "lists")
    expectTrue(stages[6]["path"] as? String == "dense")
    expectTrue(stages[0]["gradient_density"] is NSNull && stages[3]["input_density"] is NSNull)
    for index in [1, 4, 7] {
      let path = try unwrapped(stages[index]["path"] as? String)
      expectTrue(["lists by input", "lists by output", "dense by input", "dense by output"].contains(path))
    }
    try expectBench(try unwrapped(json.last), "step")
  }

  @Test func stagesForPeopleAreATable() throws {
    let lines = try people(Self.tinyStep + ["--stages"])
    try #require(lines.count == 9)
    expectEqual(
      lines[0].split(separator: " ").joined(separator: " "),
      "layer stage µs share input density gradient density path")
    expectTrue(lines[1].contains("forward") && lines[1].contains(" 100.0 %") && lines[1].hasSuffix("dense"))
    // The second layer's inputs are three quarters zeros.
    let larger = try people(["step", "--model", "200-160x2-10", "--batch-size", "32", "--stages"])
    try #require(larger.count == 12)
    expectTrue(larger[3].contains("forward") && larger[3].hasSuffix("sparse rows"), "\(larger[3])")
    expectTrue(lines[6].contains("elementwise, loss"))
    expectTrue(lines[7].hasPrefix("step of 20-8-2") && lines[8].hasPrefix("floor "))
  }

  @Test func withoutStagesThereAreNone() throws {
    let result = try Tool.run(["bench"] + Self.tinyStep + ["--repetitions", "5", "--json"])
    expectEqual(result.lines.count, 1)
  }

  // MARK: - The others

  @Test func aPredictionIsTimed() throws {
    let json = try bench(["predict", "--model", "20-8-2", "--batch-size", "3"])
    try expectBench(json, "predict")
    expectTrue(json["model"] as? String == "20-8-2" && json["batch_size"] as? Int == 3)
    let line = try unwrapped(try people(["predict", "--model", "20-8-2"]).first)
    expectTrue(line.hasPrefix("prediction of 20-8-2, batch 1, "))
  }

  /// Two thousand passes cannot take less than one.
  @Test func aMonteCarloPredictionIsTimed() throws {
    let json = try bench(["predict", "--model", "20-8-2", "--samples", "2000"])
    expectTrue(json["samples"] as? Int == 2_000)
    try expectTrue(bench(["predict", "--model", "20-8-2"])["samples"] is NSNull)
    let line = try unwrapped(try people(["predict", "--model", "20-8-2", "--samples", "3"]).first)
    expectTrue(line.hasPrefix("prediction of 20-8-2, batch 1, 3 samples, "))
  }

  @Test(arguments: [("0.5", []), ("0", []), ("1", ["--row", "64"])] as [(String, [String])])
  func dropoutIsTimedBesideACopy(rate: String, options: [String]) throws {
    let json = try bench(["dropout", "--elements", "4096", "--rate", rate] + options)
    let median = try expectBench(json, "dropout")
    expectTrue(json["elements"] as? Int == 4_096 && json["row"] as? Int == (options.isEmpty ? 1_024 : 64))
    expectTrue(json["rate"] as? Double == Double(rate))
    let copy = try unwrapped(json["copy_microseconds_median"] as? Double)
    let ratio = try unwrapped(json["ratio"] as? Double)
    let nanoseconds = try unwrapped(json["nanoseconds_per_element"] as? Double)
    // Each is rounded to three decimals by itself.
    expectAtMost(abs(ratio - median / copy), 0.0006 * (1 + 1 / copy + median / copy / copy))
    expectLess(abs(nanoseconds - median * 1_000 / 4_096), 0.002)
  }

  @Test func dropoutForPeopleIsALine() throws {
    let lines = try people(["dropout", "--elements", "100", "--rate", "0.5"])
    try #require(lines.count == 1)
    expectTrue(lines[0].hasPrefix("dropout 0.5 of [1, 100], ") && lines[0].contains(" ns per element, "))
  }

  @Test(arguments: ["0", "0.25", "1"])
  func aProductIsTimed(density: String) throws {
    let json = try bench(["matmul", "--shape", "16,130,70", "--density", density])
    let median = try expectBench(json, "matmul")
    expectTrue(json["shape"] as? [Int] == [16, 130, 70] && json["density"] as? Double == Double(density))
    let gigaflops = try unwrapped(json["effective_gigaflops"] as? Double)
    expectLess(abs(gigaflops * median / (2 * 16 * 130 * 70 / 1_000) - 1), 0.01)
    try expectTrue(
      people(["matmul", "--shape", "4,5,6", "--density", density])[0]
        .hasPrefix("product 4 x 5 x 6, forward through linear, density "))
  }

  @Test(arguments: ["input-gradient", "weight-gradient"], ["linear", "matmul"])
  func aGradientsProductIsTimed(product: String, path: String) throws {
    let options = ["--product", product, "--through", path]
    let json = try bench(["matmul", "--shape", "16,130,70", "--density", "0.5"] + options)
    try expectBench(json, "matmul")
    expectTrue(json["product"] as? String == product && json["through"] as? String == path)
  }
}
