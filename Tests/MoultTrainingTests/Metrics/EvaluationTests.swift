import Moult
import MoultTestSupport
import Testing

@Suite struct EvaluationTests {
  private let data = TrainingFixture.points(50)

  @Test func runsInEvaluationModeAndLeavesTrainingModeOn() {
    let model = TrainingFixture.model()
    let undropped = TrainingFixture.model(rate: 0)
    model.train()
    let evaluation = model.evaluate(on: data, loss: crossEntropy)
    expectEqual(evaluation, undropped.evaluate(on: data, loss: crossEntropy))
    expectEqual(model.dropout.mode, .training)
    expectEqual(evaluation.count, 50)
  }

  @Test func theMeanDoesNotDependOnTheBatches() {
    let model = TrainingFixture.model()
    let whole = model.evaluate(on: data, loss: crossEntropy)
    let parts = model.evaluate(on: data, loss: crossEntropy, batchSize: 7)
    expectLess(abs(whole.loss - parts.loss), 1e-6)
    expectEqual(whole.accuracy, parts.accuracy)
  }

  @Test func valuesHaveALossAndNoAccuracy() {
    let model = TrainingFixture.model()
    let values = TensorDataset(inputs: data.inputs, labels: Tensor.zeros([50, 3]))
    let evaluation = model.evaluate(on: values, loss: meanSquaredError)
    expectNil(evaluation.accuracy)
    expectGreater(evaluation.loss, 0)
  }
}
