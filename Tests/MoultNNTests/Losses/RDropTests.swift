import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct RDropTests {
  /// The formula of the authors' snippet as the script types it, divided by the batch, through PyTorch's functions.
  @Test func agreesWithTheSnippetsFormulaInPyTorch() throws {
    let cases = try VariantReference.cases("rDropLoss")
    expectEqual(cases.count, 3)
    for known in cases {
      let first = known.input.tensor.requiringGradient()
      let second = try unwrapped(known.second).tensor.requiringGradient()
      let labels = Tensor(labels: try unwrapped(known.labels))
      let loss = rDropLoss(first, second, labels, alpha: known["alpha"])
      loss.backward()
      expectEqual(mismatches(loss.detached(), known.output.tensor, absolute: 1e-12, relative: 1e-12), [])
      let wanted = try unwrapped(known.secondGradient).tensor
      expectEqual(
        mismatches(try unwrapped(first.gradient), known.gradient.tensor, absolute: 1e-12, relative: 1e-12), [])
      expectEqual(mismatches(try unwrapped(second.gradient), wanted, absolute: 1e-12, relative: 1e-12), [])
    }
  }

  @Test func equalPassesCostTheirCrossEntropyOnly() {
    let logits = Tensor.randomNormal([5, 4], seed: 1), labels = Tensor(labels: [0, 1, 2, 3, 0])
    expectEqual(rDropLoss(logits, logits, labels, alpha: 3), crossEntropy(logits, labels))
  }

  @Test func hugeLogitsStayFinite() {
    let loss = rDropLoss(Tensor([[1e30, 0]]), Tensor([[0, 1e30]]), Tensor(labels: [0]), alpha: 1)
    expectTrue(loss.item().isFinite)
  }

  @Test func bothPassesDrawMasksOfTheirOwnUnlessReplayed() {
    let model = Sequential(Linear(8, 16), Dropout(0.5), Linear(16, 3))
    model.train()
    let x = Tensor.randomNormal([6, 8], seed: 1), labels = Tensor(labels: [0, 1, 2, 0, 1, 2])
    let loss = withStep(3) { rDropLoss(x, labels, alpha: 1) { model($0) } }
    let (first, second) = withStep(3) { (model(x), model(x)) }
    expectNotEqual(first, second)
    expectEqual(loss, rDropLoss(first, second, labels, alpha: 1))
  }

  /// The parameters' term of the bound is one, whatever the number of passes.
  @Test func learnedNoiseAddsItsTermOnce() {
    let layer = VariationalDropout(0.5, klScale: 0.5), model = Sequential(Linear(4, 8), layer, Linear(8, 3))
    let x = Tensor.randomNormal([2, 4], seed: 1)
    let (_, terms) = collectingLossTerms { rDropLoss(x, Tensor(labels: [0, 1]), alpha: 1) { model($0) } }
    expectEqual(terms, layer.klDivergence.detached() * 0.5)
  }

  @Test func whatCannotWorkIsRefused() async {
    let alpha = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = rDropLoss(.ones([1, 2]), .ones([1, 2]), Tensor(labels: [0]), alpha: -1)
    }
    expectTrue(message(alpha).contains("rDropLoss: expected an alpha from 0 on, got -1.0"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = rDropLoss(.ones([1, 2]), .ones([1, 3]), Tensor(labels: [0]), alpha: 1)
    }
    expectTrue(message(shape).contains("rDropLoss: expected two passes of one shape, got [1, 2] and [1, 3]"))
  }
}
