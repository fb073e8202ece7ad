import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct CheckedModelTests {
  @Test func anInputOfAnotherShapeIsRefused() throws {
    let model = Sequential(Linear(3, 2), Dropout(0.5)), served = model.accepting([nil, 3])
    let x = Tensor.randomNormal([5, 3], seed: 1)
    expectTrue(sameBits(try served.infer(x), model.infer { model(x) }))
    expectTrue(sameBits(try served.predict(x, passes: 4).mean, model.predict(x, passes: 4).mean))
    let wrong: [(Tensor, String)] = [
      (.zeros([5, 4]), "[5, 4] of float32"), (.zeros([3]), "[3] of float32"),
      (.zeros([1, 5, 3]), "[1, 5, 3] of float32"),
      (.zeros([5, 3], dtype: .float64), "[5, 3] of float64"),
    ]
    for (x, got) in wrong {
      let error = #expect(throws: MoultError.self) { try served.infer(x) }
      expectEqual(
        error?.message, "Sequential: expected an input of shape [any, 3] and type float32, got \(got)")
      #expect(throws: MoultError.self) { try served.predict(x, passes: 4) }
    }
    let error = #expect(throws: MoultError.self) { try served.predict(x, passes: 0) }
    expectEqual(error?.message, "Sequential: expected 1 pass or more, got 0")
  }
}
