import MoultCore
import MoultNN
import MoultTestSupport
import Testing

private final class Net: Module {
  let linear: Linear
  let dropout: Dropout
  let mean = Buffer(.zeros([2]))

  init(_ outputs: Int = 2) {
    linear = Linear(3, outputs)
    dropout = Dropout(0.5)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { dropout(linear(x)) + mean.value }
}

@Suite struct ModuleCloneTests {
  @Test func aCloneHasAllStateAndSharesNone() throws {
    let net = Net(), x = Tensor.ones([4, 3])
    net.train()
    net.dropout.rate = 0.25
    net.mean.value = Tensor([1, 2])
    net.linear.freeze()
    net.dropout.fixMode(.sampling)
    _ = (net(x), net(x))
    let copy = try net.clone { Net() }
    expectEqual(copy.stateDictionary(), net.stateDictionary())
    expectTrue(copy.dropout.rate == 0.25 && copy.linear.weight.isFrozen && copy.dropout.mode == .sampling)
    expectTrue(sameBits(copy(x), net(x)))
    copy.linear.weight.value = .zeros([2, 3])
    copy.unfreeze()
    copy.unfixMode()
    expectTrue(net.linear.weight.value != copy.linear.weight.value)
    expectTrue(net.linear.weight.isFrozen && net.dropout.mode == .sampling && copy.dropout.mode == .training)
  }

  @Test func aModelOfAnotherStructureIsRefused() {
    let net = Net()
    expectEqual(#expect(throws: MoultError.self) { try net.clone { Net(5) } }?.code, .badData)
    expectEqual(#expect(throws: MoultError.self) { try net.clone { net } }?.code, .usage)
    let two = Sequential(Dropout(0.5), Dropout(0.5))
    let error = #expect(throws: MoultError.self) { try two.clone { Sequential(Dropout(0.5)) } }
    expectEqual(error?.message, #"clone: expected a model with the stochastic layers ["0", "1"], got ["0"]"#)
  }

  @Test func cloningTakesNoRandomNumbers() throws {
    let weights = try [false, true].map { clones in
      try withSeed(3) {
        let net = Net()
        if clones { _ = try net.clone { Net() } }
        return Linear(3, 3).weight.value
      }
    }
    expectTrue(sameBits(weights[0], weights[1]))
  }
}
