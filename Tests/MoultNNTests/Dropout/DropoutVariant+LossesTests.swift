import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// The variants that are a loss around the whole model: each is the loss of its paper, with the published setting.
@Suite struct DropoutVariantLossesTests {
  private let x = samples([8, 6], in: 1..<2, dtype: .float32)
  private let labels = Tensor(labels: (0..<8).map { $0 % 3 })

  private func model() -> Sequential {
    let model = withSeed(3) { Sequential(Linear(6, 7), Dropout(0.5), Linear(7, 3)) }
    model.train()
    return model
  }

  /// The value and the gradients of a loss in one step.
  private func results(_ loss: (Sequential) -> Tensor) -> [Tensor] {
    let model = model(), value = withSeed(1) { withStep(2) { loss(model) } }
    value.backward()
    return [value.detached()] + model.parameters().compactMap(\.gradient)
  }

  private func results(ofVariant name: String) throws -> [Tensor] {
    let variant = try unwrapped(DropoutVariant.all.first { $0.name == name })
    guard case .loss(let loss) = variant.place else {
      Issue.record("\(name) is no loss")
      return []
    }
    return results { loss($0, x, labels, 0.5) }
  }

  private func expectSame(_ a: [Tensor], _ b: [Tensor]) {
    expectTrue(a.count == 5 && a.count == b.count && zip(a, b).allSatisfy { sameBits($0, $1) })
  }

  @Test func rDropTakesTwoPassesAndAnAlphaOfOne() throws {
    let found = try results(ofVariant: "r-drop")
    expectSame(found, results { model in rDropLoss(x, labels, alpha: 1) { model($0) } })
    // The two passes have masks of their own: the loss differs from the cross-entropy of one pass.
    expectNotEqual(found.first, results { model in crossEntropy(model(x), labels) }.first)
    expectNotEqual(found.first, results { model in rDropLoss(x, labels, alpha: 2) { model($0) } }.first)
  }

  @Test func mixupMixesInputsAndLabelsWithAnAlphaOfAFifth() throws {
    let found = try results(ofVariant: "mixup")
    expectSame(
      found,
      results { model in
        let mixed = mixup(x, labels, alpha: 0.2)
        return mixed.loss(of: model(mixed.inputs), crossEntropy)
      })
    expectNotEqual(found.first, results { model in crossEntropy(model(x), labels) }.first)
  }
}
