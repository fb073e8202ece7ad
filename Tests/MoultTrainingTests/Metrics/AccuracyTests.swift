import Moult
import MoultTestSupport
import Testing

@Suite struct AccuracyTests {
  @Test func countsTheRowsWhoseLargestLogitIsTheirClass() {
    var accuracy = Accuracy()
    expectNil(accuracy.value)
    accuracy.update(logits: Tensor([[0.1, 2, -1], [3, 1, 2], [-5, -4, -3]]), labels: Tensor(labels: [1, 2, 2]))
    expectEqual(accuracy.correct, 2)
    expectEqual(accuracy.total, 3)
    accuracy.update(logits: Tensor([[1, 0, 0]]), labels: Tensor(labels: [0]))
    expectEqual(accuracy.value, 0.75)
  }

  @Test func doesNotApplyToValuesOrOtherShapes() {
    let logits = Tensor([[1, 2], [3, 4]])
    expectTrue(Accuracy.applies(logits: logits, labels: Tensor(labels: [0, 1])))
    expectTrue(!Accuracy.applies(logits: logits, labels: Tensor([0, 1])))
    expectTrue(!Accuracy.applies(logits: logits, labels: Tensor(labels: [0])))
    expectTrue(!Accuracy.applies(logits: Tensor([1, 2]), labels: Tensor(labels: [0, 1])))
  }

  @Test func labelsThatAreNoClassesStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var accuracy = Accuracy()
      accuracy.update(logits: Tensor([[1, 2]]), labels: Tensor([1]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(
      text.contains("Accuracy: expected logits: [N, K] and integer labels: [N], got [1, 2] and [1] of float32"))
  }
}
