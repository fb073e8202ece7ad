import MoultCore
import MoultNN
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct ModuleSafeTensorsTests {
  /// The network of Scripts/reference/simple_mlp.py.
  private struct SimpleMLP: Module {
    let hiddenLayer1, hiddenLayer2, outputLayer: Linear
    let dropout1, dropout2: Dropout

    init(_ inputSize: Int = 12, _ hiddenSize: Int = 8, _ outputSize: Int = 4) {
      hiddenLayer1 = Linear(inputSize, hiddenSize)
      dropout1 = Dropout(0.5)
      hiddenLayer2 = Linear(hiddenSize, hiddenSize)
      dropout2 = Dropout(0.5)
      outputLayer = Linear(hiddenSize, outputSize)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
      var x = dropout1(relu(hiddenLayer1(x)))
      x = dropout2(relu(hiddenLayer2(x)))
      return outputLayer(x)
    }
  }

  private struct Colliding: Module {
    let aB = Linear(1, 1)
    let a_b = Linear(1, 1)
    func callAsFunction(_ x: Tensor) -> Tensor { x }
  }

  private static let pytorch = reference("pytorch_simple_mlp.safetensors")

  @Test func whatPyTorchSavedGivesTheSameLogits() throws {
    let model = SimpleMLP()
    try model.load(from: Self.pytorch)
    let (tensors, _) = try SafeTensors.read(reference("pytorch_simple_mlp_io.safetensors"))
    let inputs = try unwrapped(tensors["inputs"])
    let expected = try unwrapped(tensors["logits"]).scalars(as: Float.self)
    model.eval()
    let logits = model(inputs).scalars(as: Float.self)
    expectEqual(logits.count, 20)
    for (value, known) in zip(logits, expected) { expectAtMost(Swift.abs(value - known), 1e-5) }
  }

  @Test func whatIsSavedForPyTorchHasItsNamesAndNumbers() throws {
    let model = SimpleMLP()
    try model.load(from: Self.pytorch)
    try withTemporaryFolder { folder in
      try model.save(to: folder + "/model.safetensors", naming: .snakeCase)
      let (saved, metadata) = try SafeTensors.read(folder + "/model.safetensors")
      let (original, _) = try SafeTensors.read(Self.pytorch)
      expectEqual(saved, original)
      expectEqual(metadata["format"], "pt")
    }
  }

  @Test(arguments: [ParameterNaming.camelCase, .snakeCase])
  func whatIsSavedIsLoadedBack(naming: ParameterNaming) throws {
    let model = SimpleMLP()
    let inputs = Tensor.randomNormal([3, 12], seed: 5)
    model.train()
    for _ in 0..<3 { _ = model(inputs) }
    try withTemporaryFolder { folder in
      try model.save(to: folder + "/a", naming: naming)
      let other = SimpleMLP()
      expectNotEqual(other.stateDictionary(), model.stateDictionary())
      try other.load(from: folder + "/a")
      expectEqual(other.stateDictionary(), model.stateDictionary())
      // The next use draws what it would have drawn.
      other.train()
      expectEqual(other(inputs), model(inputs))
      try model.save(to: folder + "/b", naming: naming)
      try other.save(to: folder + "/c", naming: naming)
      try expectEqual(contents(folder + "/b"), contents(folder + "/c"))
    }
  }

  /// Keeps a running mean of its inputs and counts its steps.
  private final class Averaging: Module {
    let linear = Linear(2, 2)
    let runningMean = Buffer(.zeros([2]))
    let stepCount = Buffer(Tensor([0 as Int64], shape: []))

    func callAsFunction(_ x: Tensor) -> Tensor {
      runningMean.update(runningMean.value * 0.5 + x.mean(axis: 0) * 0.5)
      stepCount.update(Tensor([stepCount.value.item(as: Int64.self) + 1], shape: []))
      return linear(x - runningMean.value)
    }
  }

  @Test(arguments: [ParameterNaming.camelCase, .snakeCase])
  func buffersAreSavedAndLoadedWithTheParameters(naming: ParameterNaming) throws {
    let model = Averaging()
    _ = model(Tensor([[1, 2], [3, 4]]))
    try withTemporaryFolder { folder in
      let path = folder + "/model"
      try model.save(to: path, naming: naming)
      let names = ["linear.bias", "linear.weight", "runningMean", "stepCount"].map { naming.spelled($0) }
      try expectEqual(SafeTensors.read(path).tensors.keys.sorted(), names)
      let other = Averaging()
      try other.load(from: path)
      expectEqual(other.runningMean.value, Tensor([1, 1.5]))
      expectEqual(other.stepCount.value.item(as: Int64.self), 1)
      expectEqual(other.stateDictionary(), model.stateDictionary())

      // A file without one of the buffers does not fit.
      var tensors = model.stateDictionary()
      tensors["stepCount"] = nil
      try SafeTensors.write(tensors, to: path)
      let before = other.stateDictionary()
      let error = try moultError { try other.load(from: path) }
      expectTrue(error.code == .badData && error.message.contains("stepCount: missing"))
      expectEqual(other.stateDictionary(), before)
    }
  }

  @Test func theUsesOfEachLayerAreKept() throws {
    let model = SimpleMLP()
    model.train()
    for _ in 0..<3 { _ = model(Tensor.zeros([1, 12])) }
    try withTemporaryFolder { folder in
      try model.save(to: folder + "/model", naming: .snakeCase)
      try expectEqual(
        SafeTensors.read(folder + "/model").metadata,
        [
          "format": "pt", "moult.uses.dropout1": "3", "moult.uses.dropout2": "3",
          "moult.layers": #"{"hiddenLayer1":{"type":"Linear"},"hiddenLayer2":{"type":"Linear"},"#
            + #""outputLayer":{"type":"Linear"},"dropout1":{"type":"Dropout","rate":0.5},"#
            + #""dropout2":{"type":"Dropout","rate":0.5}}"#,
        ])
    }
  }

  @Test(arguments: ["-1", "many", "18446744073709551616", "18446744073709551615", "4294967296", ""])
  func aCountThatIsNoneChangesNothing(text: String) throws {
    let model = SimpleMLP()
    let before = model.stateDictionary()
    try withTemporaryFolder { folder in
      try SafeTensors.write(
        before.mapValues { $0 + 1 }, metadata: ["moult.uses.dropout2": text], to: folder + "/model")
      let error = try moultError { try model.load(from: folder + "/model") }
      expectTrue(error.message.contains("moult.uses.dropout2"))
      expectEqual(error.location, folder + "/model")
      expectEqual(model.stateDictionary(), before)
    }
  }

  @Test func aFileOfAnotherNetworkChangesNothingAndIsNamed() throws {
    let model = SimpleMLP(12, 9, 4)
    let before = model.stateDictionary()
    let error = try moultError { try model.load(from: Self.pytorch) }
    expectEqual(error.location, Self.pytorch)
    expectTrue(error.message.contains("[8, 12]"), "\(error.message)")
    expectEqual(model.stateDictionary(), before)
  }

  @Test func namesThatBecomeOneInSnakeCaseAreRefused() throws {
    try withTemporaryFolder { folder in
      let error = try moultError { try Colliding().save(to: folder + "/model", naming: .snakeCase) }
      expectTrue(error.message.contains("a_b."))
      expectTrue(error.message.contains("rename one"))
      let left = try names(in: folder)
      expectEqual(left, [])
    }
  }

  // MARK: - PyTorch files

  @Test func aCheckpointOfDataParallelIsLoaded() throws {
    let path = reference("pytorch/checkpoint.pt"), model = SimpleMLP(), other = SimpleMLP()
    let error = try moultError { try model.load(from: path) }
    expectEqual(error.location, path)
    expectTrue(error.message.hasSuffix("pass renaming: [.prefix(\"module.\", to: \"\")]"), error.message)
    try model.load(from: path, renaming: [.prefix("module.", to: "")])
    try other.load(from: Self.pytorch)
    expectEqual(model.stateDictionary(), other.stateDictionary())
  }

  /// The path of Documentation/LoadingWeights.md.
  @Test func aPartOfACheckpointIsFineTuned() throws {
    let model = SimpleMLP(12, 8, 3), known = SimpleMLP()
    try known.load(from: Self.pytorch)
    let report = try model.load(
      from: reference("pytorch/checkpoint.pt"), renaming: [.prefix("module.", to: "")], strict: false)
    expectEqual(
      report.description,
      """
      loaded 4 of 6 parameters and buffers
      mismatched: outputLayer.weight: expected shape [3, 8], got [4, 8]; outputLayer.bias: expected shape [3], got [4]
      """)
    model.hiddenLayer1.freeze()
    model.hiddenLayer2.freeze()
    let before = model.stateDictionary()
    let data = TensorDataset(inputs: .randomNormal([6, 12], seed: 1), labels: Tensor(labels: [0, 1, 2, 0, 1, 2]))
    let optimizer = SGD(model.parameters(), learningRate: 0.1)
    try Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1).fit(data, epochs: 1, batchSize: 3)
    for (name, tensor) in model.stateDictionary() {
      if name.hasPrefix("output") {
        expectNotEqual(tensor, before[name], name)
      } else {
        expectEqual(tensor, known.stateDictionary()[name], name)
      }
    }
  }

  // MARK: - Layers

  /// A network whose layers can be others.
  private struct Network: Module {
    let block: Sequential
    let output = Linear(2, 1)
    init(_ layers: any Module<Tensor, Tensor>...) { block = Sequential(layers) }
    func callAsFunction(_ x: Tensor) -> Tensor { output(block(x)) }
  }

  /// The same layers under another type and in another spelling of names.
  private struct Renamed: Module {
    let Block: Sequential
    let output = Linear(2, 1)
    func callAsFunction(_ x: Tensor) -> Tensor { output(Block(x)) }
  }

  @Test func layersThatDifferAreSaid() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model", saved = Network(Linear(2, 2), ReLU(), Dropout(0.5))
      try saved.save(to: path, naming: .snakeCase)
      try Renamed(Block: Sequential(Linear(2, 2), ReLU(), Dropout(0.5))).load(from: path)

      let cases: [(model: Network, differences: [String])] = [
        (Network(Linear(2, 2), ReLU(), Dropout(0.3)), ["block.2: rate 0.5 in the file, 0.3 in the model"]),
        (
          Network(Linear(2, 2), GELU(), GaussianDropout(0.3)),
          [
            "block.1: ReLU in the file, GELU in the model",
            "block.2: Dropout in the file, GaussianDropout in the model",
          ]
        ),
        (Network(Linear(2, 2), ReLU()), ["block.2: Dropout in the file, no layer in the model"]),
        (
          Network(Linear(2, 2), ReLU(), Dropout(0.5), ReLU()), ["block.3: no layer in the file, ReLU in the model"]
        ),
      ]
      for (model, differences) in cases {
        let before = model.stateDictionary()
        let error = try moultError { try model.load(from: path) }
        expectEqual(
          error.message,
          "state dictionary does not fit the model: \(differences.joined(separator: "; ")); change the layers of the "
            + "model (model.dropout.rate = …), or load with strict: false, which reports them")
        expectEqual(model.stateDictionary(), before)
        let report = try model.load(from: path, strict: false)
        expectEqual(report.layerDifferences.map(\.description), differences)
        expectEqual(model.stateDictionary(), saved.stateDictionary())
        // The same file without the description, as before there was one.
        try SafeTensors.write(SafeTensors.read(path).tensors, to: folder + "/old")
        try model.load(from: folder + "/old")
      }
      // A layer with parameters that only one of them has is listed by these.
      let deeper = Network(Linear(2, 2), ReLU(), Dropout(0.5), Linear(2, 2))
      let report = try deeper.load(from: path, strict: false)
      expectEqual(report.missing, ["block.3.weight", "block.3.bias"])
      expectEqual(report.layerDifferences, [])

      // Rules rename the paths of layers too.
      let bare = Sequential(Linear(2, 2), ReLU(), Dropout(0.1))
      let part = try bare.load(from: path, renaming: [.prefix("block.", to: "")], strict: false)
      expectEqual(part.layerDifferences, [.rate(layer: "2", file: 0.5, model: 0.1)])
      expectEqual(part.unexpected, ["output.bias", "output.weight"])
      // They may not know all paths, so a layer that only one of them has is not said then.
      let shorter = Sequential(Linear(2, 2), ReLU(), ReLU(), GELU())
      let other = try shorter.load(from: path, renaming: [.prefix("block.", to: "")], strict: false)
      expectEqual(other.layerDifferences, [.type(layer: "2", file: "Dropout", model: "ReLU")])
    }
  }

  /// The rate at one step of a schedule does not describe a layer.
  @Test func aRateOfAScheduleIsNotCompared() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model", saved = SimpleMLP()
      let rates = ScheduledRates(saved, LinearSchedule(from: 0.5, to: 0, over: 10), layers: ["dropout1"])
      rates.apply(at: 5)
      saved.dropout2.rate = 0.25
      try saved.save(to: path)
      let report = try SimpleMLP().load(from: path, strict: false)
      expectEqual(report.layerDifferences, [.rate(layer: "dropout2", file: 0.25, model: 0.5)])
    }
  }

  @Test(arguments: [
    "", "[]", #"{"a":{}}"#, #"{"a":{"type":"Dropout","rate":2}}"#, #"{"a":{"type":"Dropout","rate":"x"}}"#,
  ])
  func aDescriptionThatIsNoneChangesNothing(text: String) throws {
    let model = SimpleMLP()
    let before = model.stateDictionary()
    try withTemporaryFolder { folder in
      try SafeTensors.write(before.mapValues { $0 + 1 }, metadata: ["moult.layers": text], to: folder + "/model")
      let error = try moultError { try model.load(from: folder + "/model") }
      expectTrue(error.message.contains("moult.layers"))
      expectEqual(error.location, folder + "/model")
      expectEqual(model.stateDictionary(), before)
    }
  }
}
