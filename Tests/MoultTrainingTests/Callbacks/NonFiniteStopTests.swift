import Moult
import MoultTestSupport
import Testing

@Suite struct NonFiniteStopTests {
  /// A network with a branch that its result does not depend on.
  private struct Branched: Module {
    let used = withSeed(1) { Linear(4, 3) }
    let unused = withSeed(2) { Linear(4, 3) }
    func callAsFunction(_ x: Tensor) -> Tensor { used(x) }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func aWeightThatTheLossDoesNotShowIsFound(value: Float) throws {
    let model = Branched()
    let breaker = Recorder { step throws(MoultError) in
      if step.step == 4 { model.unused.weight.value = .full([3, 4], Double(value)) }
    }
    let trainer = Trainer(
      model, optimizer: SGD(model.used.parameters(), learningRate: 0.1), loss: crossEntropy, seed: 1,
      callbacks: [breaker, NonFiniteStop(model, every: 3)])
    let error = try moultError { try trainer.fit(TrainingFixture.points(30), epochs: 5, batchSize: 10) }
    expectTrue(error.code == .diverged && error.location == "epoch 2, after step 6")
    expectTrue(error.message.hasPrefix("the parameter unused.weight is not finite"))
    expectTrue(error.message.hasSuffix("(learning rate 0.1)"))
  }

  @Test func finiteWeightsAreLeftAlone() throws {
    let model = TrainingFixture.model()
    model.hidden.bias?.value = .full([16], Double(Float.greatestFiniteMagnitude) / 1e30)
    try TrainingFixture.trainer(model, callbacks: [NonFiniteStop(model, every: 1)])
      .fit(TrainingFixture.points(20), epochs: 1, batchSize: 10)
  }
}
