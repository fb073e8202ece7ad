import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct RDropTests {
  /// The formula of the authors' snippet as the script types it, divided by the batch, through PyTorch's functions.
  @Test func agreesWithTheSnippetsFormulaInPyTorch() throws {
    let cases = try VariantReference.cases("rDropLoss")
    #expect(cases.count == 3)
    for known in cases {
      let first = known.input.tensor.requiringGradient()
      let second = try #require(known.second).tensor.requiringGradient()
      let labels = Tensor(labels: try #require(known.labels))
      let loss = rDropLoss(first, second, labels, alpha: known["alpha"])
      loss.backward()
      #expect(mismatches(loss.detached(), known.output.tensor, absolute: 1e-12, relative: 1e-12) == [])
      let wanted = try #require(known.secondGradient).tensor
      #expect(mismatches(try #require(first.gradient), known.gradient.tensor, absolute: 1e-12, relative: 1e-12) == [])
      #expect(mismatches(try #require(second.gradient), wanted, absolute: 1e-12, relative: 1e-12) == [])
    }
  }

  @Test func equalPassesCostTheirCrossEntropyOnly() {
    let logits = Tensor.randomNormal([5, 4], seed: 1), labels = Tensor(labels: [0, 1, 2, 3, 0])
    #expect(rDropLoss(logits, logits, labels, alpha: 3) == crossEntropy(logits, labels))
  }

  @Test func hugeLogitsStayFinite() {
    let loss = rDropLoss(Tensor([[1e30, 0]]), Tensor([[0, 1e30]]), Tensor(labels: [0]), alpha: 1)
    #expect(loss.item().isFinite)
  }

  @Test func bothPassesDrawMasksOfTheirOwnUnlessReplayed() {
    let model = Sequential(Linear(8, 16), Dropout(0.5), Linear(16, 3))
    model.train()
    let x = Tensor.randomNormal([6, 8], seed: 1), labels = Tensor(labels: [0, 1, 2, 0, 1, 2])
    let loss = withStep(3) { rDropLoss(x, labels, alpha: 1) { model($0) } }
    let (first, second) = withStep(3) { (model(x), model(x)) }
    #expect(first != second)
    #expect(loss == rDropLoss(first, second, labels, alpha: 1))
  }

  /// The parameters' term of the bound is one, whatever the number of passes.
  @Test func learnedNoiseAddsItsTermOnce() {
    let layer = VariationalDropout(0.5, klScale: 0.5), model = Sequential(Linear(4, 8), layer, Linear(8, 3))
    let x = Tensor.randomNormal([2, 4], seed: 1)
    let (_, terms) = collectingLossTerms { rDropLoss(x, Tensor(labels: [0, 1]), alpha: 1) { model($0) } }
    #expect(terms == layer.klDivergence.detached() * 0.5)
  }

  @Test func whatCannotWorkIsRefused() async {
    let alpha = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = rDropLoss(.ones([1, 2]), .ones([1, 2]), Tensor(labels: [0]), alpha: -1)
    }
    #expect(message(alpha).contains("rDropLoss: expected an alpha from 0 on, got -1.0"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = rDropLoss(.ones([1, 2]), .ones([1, 3]), Tensor(labels: [0]), alpha: 1)
    }
    #expect(message(shape).contains("rDropLoss: expected two passes of one shape, got [1, 2] and [1, 3]"))
  }
}
