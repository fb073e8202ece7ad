import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct RenameRuleTests {
  private struct Net: Module {
    let layers = [Linear(2, 1), Linear(2, 1)]
    func callAsFunction(_ x: Tensor) -> Tensor { x }
  }

  @Test func rulesAreAppliedOneAfterTheOther() throws {
    let net = Net(), kernel = Tensor([[1], [2]]), bias = Tensor([3])
    let state = [
      "model.dense.0.kernel": kernel, "model.dense.0.bias": bias, "model.dense.1.kernel": kernel,
      "model.dense.1.bias": bias, "step": Tensor([7]),
    ]
    let report = try net.load(
      state,
      renaming: [
        .prefix("model.", to: ""), .pattern("dense.*.*", to: "layers.*.*"),
        .pattern("layers.*.kernel", to: "layers.*.weight", transposed: true),
        .closure { $0 == "step" ? nil : $0.replacing("BIAS", with: "bias") },
      ],
      strict: true)
    expectEqual(report.loaded, ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    expectEqual(report.ignored, ["step"])
    expectTrue(report.isComplete, "what a rule leaves out is no problem")
    expectEqual(net.stateDictionary()["layers.1.weight"], Tensor([[1, 2]]))
    expectEqual(net.layers[0].bias?.value, bias)
  }

  /// Without a rule that says so, nothing is transposed.
  @Test func matricesAreTransposedOnlyWhereARuleSaysIt() throws {
    let report = try Net().load(
      ["layers.0.kernel": .zeros([2, 1])], renaming: [.pattern("layers.*.kernel", to: "layers.*.weight")],
      strict: false)
    expectEqual(report.mismatched.map(\.description), ["layers.0.weight: expected shape [1, 2], got [2, 1]"])
  }

  @Test func whatCannotBeRenamedIsAnErrorInAPartialLoadToo() {
    let cases: [(state: [String: Tensor], rule: RenameRule, message: String)] = [
      (
        ["a.x": Tensor([1]), "b.x": Tensor([1])], .closure { String($0.dropFirst(2)) },
        "expected renaming rules that keep names apart, got x for both a.x and b.x"
      ),
      (
        ["a.bias": Tensor([1])], .pattern("a.*", to: "b.*", transposed: true),
        "a.bias: expected a matrix to transpose, got shape [1]"
      ),
    ]
    for (state, rule, message) in cases {
      let error = #expect(throws: MoultError.self) { _ = try Net().load(state, renaming: [rule], strict: false) }
      expectEqual(error?.message, message)
    }
  }

  @Test func aPatternMatchesWholeNames() throws {
    let state = ["a.b": Tensor([1]), "a.b.c": Tensor([1]), "xa.b": Tensor([1]), "a.": Tensor([1])]
    let report = try Net().load(state, renaming: [.pattern("a.*", to: "q.*.r")], strict: false)
    expectEqual(report.unexpected, ["a.b.c", "q..r", "q.b.r", "xa.b"])
  }

  @Test func aPatternWithAnotherNumberOfStarsEndsTheProcess() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RenameRule.pattern("a.*", to: "b.*.*")
    }
    expectTrue(message(result).contains("expected as many *"))
  }
}
