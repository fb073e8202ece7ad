import MoultCore
import MoultNN
import MoultTestSupport
import Testing

private struct Block: Module {
  let linear = Linear(4, 4)
  let norm = Buffer(.zeros([4]))
  let dropouts = [GaussianDropout(0.25)]
  let scale = Parameter(.ones([4]))
  let unread = Parameter(.ones([7]))

  func callAsFunction(_ x: Tensor) -> Tensor { dropouts[0](linear(x)) * scale.value }
}

@Suite struct ModelSummaryTests {
  @Test func aModelPrintsItsModules() {
    let model = Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Sequential(Block()))
    expectEqual(
      "\(model)",
      """
      Sequential
        0: Linear(weight: [256, 784], bias: [256])
        1: ReLU
        2: Dropout(rate: 0.5)
        3: Sequential
          0: Block(scale: [4], unread: [7], norm: [4])
            linear: Linear(weight: [4, 4], bias: [4])
            dropouts.0: GaussianDropout(rate: 0.25)
      """)
    expectEqual("\(Dropout(0.1))", "Dropout(rate: 0.1)")
  }

  @Test func aSummaryHasEachOperation() {
    let block = Block(), model = Sequential(Linear(5, 4), Dropout(0.5), block, block)
    block.scale.isFrozen = true
    model.train()
    let summary = model.summary(.zeros([2, 5]))
    expectEqual(
      summary.description,
      """
      operation  layer         output  parameters
      linear     0             [2, 4]          24
      dropout    1             [2, 4]
      linear     2.linear      [2, 4]          20
      multiply   2.dropouts.0  [2, 4]
      multiply   2             [2, 4]           4
      linear     2.linear      [2, 4]
      multiply   2.dropouts.0  [2, 4]
      multiply   2             [2, 4]
      55 parameters, 51 of them trainable
      not read by this pass: 2.unread
      """)
    expectEqual(summary.unusedParameters, ["2.unread"])
    expectTrue(model.layerModes().allSatisfy { $0.current == .training })
  }

  @Test func aSummaryCountsNoCall() {
    withSeed(4) {
      let model = Sequential(Dropout(0.5))
      let x = Tensor.ones([3, 40])
      _ = model.summary(x)
      let after = (model(x), model.sampling { model(x) })
      withSeed(4) {
        let other = Sequential(Dropout(0.5))
        expectTrue(sameBits(other(x), after.0) && sameBits(other.sampling { other(x) }, after.1))
      }
    }
  }
}
