import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ModuleLoadTests {
  private let model = SimpleMLP(inputSize: 3, hiddenSize: 4, outputSize: 2)

  private func fails(_ state: [String: Tensor], _ expected: String) {
    let before = model.stateDictionary()
    do {
      try model.load(state)
      Issue.record("load did not throw")
    } catch {
      expectEqual(error.code, .badData)
      expectEqual(error.message, "state dictionary does not fit the model: \(expected)")
    }
    expectEqual(model.stateDictionary(), before, "a failed load changed the model")
  }

  @Test func whatWasSavedLoads() throws {
    let other = SimpleMLP(inputSize: 3, hiddenSize: 4, outputSize: 2)
    expectNotEqual(other.stateDictionary(), model.stateDictionary())
    try other.load(model.stateDictionary())
    expectEqual(other.stateDictionary(), model.stateDictionary())
  }

  @Test func snakeCaseNamesOfPyTorchLoad() throws {
    let other = SimpleMLP(inputSize: 3, hiddenSize: 4, outputSize: 2)
    let renamed = Dictionary(
      uniqueKeysWithValues: other.stateDictionary().map { key, value in
        (
          key.replacing("hiddenLayer", with: "hidden_layer").replacing("outputLayer", with: "output_layer"), value
        )
      })
    try model.load(renamed)
    expectEqual(model.stateDictionary(), other.stateDictionary())
  }

  @Test func aMissingEntryIsNamed() {
    var state = model.stateDictionary()
    state["hiddenLayer2.bias"] = nil
    fails(state, "hiddenLayer2.bias: missing")
  }

  @Test func anUnknownEntryIsNamed() {
    var state = model.stateDictionary()
    state["extra.weight"] = Tensor([1])
    fails(state, "extra.weight: no such parameter or buffer")
  }

  @Test func aWrongShapeIsNamed() {
    var state = model.stateDictionary()
    state["outputLayer.weight"] = .zeros([4, 2])
    fails(state, "outputLayer.weight: expected shape [2, 4], got [4, 2]")
  }

  @Test func aWrongTypeIsNamed() {
    var state = model.stateDictionary()
    state["outputLayer.bias"] = .zeros([2], dtype: .float64)
    fails(state, "outputLayer.bias: expected float32, got float64; cast it first")
  }

  @Test func namesThatFitTwiceAreRefused() {
    var state = model.stateDictionary()
    state["output_layer.bias"] = state["outputLayer.bias"]
    fails(state, "output_layer.bias: no such parameter or buffer")
    state["outputLayer.bias"] = nil
    state["outputlayer.bias"] = state["output_layer.bias"]
    fails(state, "outputLayer.bias: ambiguous, as output_layer.bias and outputlayer.bias would fit more than once")
  }

  @Test func manyProblemsAreCounted() {
    let state = Dictionary(uniqueKeysWithValues: (0..<9).map { ("x\($0)", Tensor([1])) })
    do {
      try model.load(state)
      Issue.record("load did not throw")
    } catch {
      expectTrue(
        error.message.hasSuffix("x0: no such parameter or buffer; x1: no such parameter or buffer; and 7 more"))
    }
  }

  @Test func valuesThatRequireGradientsLoseTheirHistory() throws {
    try model.load(model.stateDictionary().mapValues { $0.requiringGradient() })
    expectTrue(model.stateDictionary().values.allSatisfy { !$0.requiresGradient })
  }

  @Test func aPartialLoadReportsWhatDidNotFit() throws {
    let before = model.stateDictionary(), zeros = before.mapValues { $0 * 0 }
    var state = zeros
    state["hiddenLayer2.bias"] = nil
    state["extra.weight"] = Tensor([1])
    state["outputLayer.weight"] = .zeros([4, 2])
    state["outputLayer.bias"] = .zeros([2], dtype: .float64)
    let report = try model.load(state, strict: false)
    expectEqual(report.loaded, ["hiddenLayer1.weight", "hiddenLayer1.bias", "hiddenLayer2.weight"])
    expectEqual(report.missing, ["hiddenLayer2.bias"])
    expectEqual(report.unexpected, ["extra.weight"])
    expectEqual(report.mismatched.map(\.name), ["outputLayer.weight", "outputLayer.bias"])
    expectTrue(!report.isComplete)
    expectEqual(
      report.description,
      """
      loaded 3 of 6 parameters and buffers
      missing: hiddenLayer2.bias
      unexpected: extra.weight
      mismatched: outputLayer.weight: expected shape [2, 4], got [4, 2]; outputLayer.bias: expected float32, got \
      float64; cast it first
      """)
    let loaded = Set(report.loaded)
    expectEqual(
      model.stateDictionary(), before.merging(zeros.filter { loaded.contains($0.key) }) { $1 },
      "what was not loaded must stay as it was")

    let complete = try model.load(before, strict: true)
    expectTrue(complete.isComplete)
    expectEqual(complete.description, "loaded 6 of 6 parameters and buffers")
    expectEqual(model.stateDictionary(), before)
  }

  @Test func twoEntriesForOneParameterAreAnErrorInAPartialLoadToo() {
    var state = model.stateDictionary().mapValues { $0 * 0 }
    let before = model.stateDictionary()
    state["output_layer.bias"] = state["outputLayer.bias"]
    state["outputlayer.bias"] = state.removeValue(forKey: "outputLayer.bias")
    let error = #expect(throws: MoultError.self) { _ = try model.load(state, strict: false) }
    expectTrue(error?.message.contains("outputLayer.bias: ambiguous") ?? false)
    expectEqual(model.stateDictionary(), before)
  }

  /// The prefixes that wrappers of PyTorch, and others, put before all names.
  @Test func prefixesThatDoNotBelongAreNamed() {
    for (prefix, origin) in [
      ("module.", ", as nn.DataParallel writes them"), ("_orig_mod.", ", as torch.compile writes them"),
      ("module._orig_mod.", ", as nn.DataParallel and torch.compile writes them"), ("net.", ""),
    ] {
      let state = Dictionary(uniqueKeysWithValues: model.stateDictionary().map { (prefix + $0.key, $0.value) })
      let error = #expect(throws: MoultError.self) { try model.load(state) }
      let advice = "; names begin with \"\(prefix)\"\(origin): pass renaming: [.prefix(\"\(prefix)\", to: \"\")]"
      expectTrue(error?.message.hasSuffix(advice) ?? false, error?.message ?? "")
      let report = try? model.load(state, renaming: [.prefix(prefix, to: "")], strict: true)
      expectEqual(report?.loaded.count, 6)
    }
  }
}
