import Moult
import Testing

@Suite struct AccuracyTests {
  @Test func countsTheRowsWhoseLargestLogitIsTheirClass() {
    var accuracy = Accuracy()
    #expect(accuracy.value == nil)
    accuracy.update(logits: Tensor([[0.1, 2, -1], [3, 1, 2], [-5, -4, -3]]), labels: Tensor(labels: [1, 2, 2]))
    #expect(accuracy.correct == 2)
    #expect(accuracy.total == 3)
    accuracy.update(logits: Tensor([[1, 0, 0]]), labels: Tensor(labels: [0]))
    #expect(accuracy.value == 0.75)
  }

  @Test func doesNotApplyToValuesOrOtherShapes() {
    let logits = Tensor([[1, 2], [3, 4]])
    #expect(Accuracy.applies(logits: logits, labels: Tensor(labels: [0, 1])))
    #expect(!Accuracy.applies(logits: logits, labels: Tensor([0, 1])))
    #expect(!Accuracy.applies(logits: logits, labels: Tensor(labels: [0])))
    #expect(!Accuracy.applies(logits: Tensor([1, 2]), labels: Tensor(labels: [0, 1])))
  }

  @Test func labelsThatAreNoClassesStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var accuracy = Accuracy()
      accuracy.update(logits: Tensor([[1, 2]]), labels: Tensor([1]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Accuracy: expected logits: [N, K] and integer labels: [N], got [1, 2] and [1] of float32"))
  }
}
