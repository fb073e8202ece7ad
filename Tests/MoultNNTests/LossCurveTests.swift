import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Products that skip zeros change how long a training takes, and nothing else.
@Suite struct LossCurveTests {
  private static let steps = 200
  /// The losses are around 1, where Float32 has steps of 1.2e-7; sums that begin with the bias and sums that end with
  /// it round differently, and 200 steps of momentum add that up.
  private static let tolerance = 1e-4

  /// Trains a small network with dropout, whose linear layers `apply` computes, and returns the loss of each step.
  private func losses(_ apply: (Linear, Tensor) -> Tensor) -> [Double] {
    withSeed(3) {
      let model = SimpleMLP(inputSize: 60, hiddenSize: 144, outputSize: 5)
      let optimizer = SGD(model.parameters(), learningRate: 0.02, momentum: 0.9)
      let batches = (0..<4).map { number in
        let x = Tensor.randomNormal([32, 60], seed: UInt64(number))
        return (x: x, labels: x[0..., 0..<5].argmax())
      }
      model.train()
      return (0..<Self.steps).map { step in
        let batch = batches[step % batches.count]
        var h = model.dropout1(relu(apply(model.hiddenLayer1, batch.x)))
        h = model.dropout2(relu(apply(model.hiddenLayer2, h)))
        let loss = crossEntropy(apply(model.outputLayer, h), batch.labels)
        optimizer.step(minimizing: loss)
        return loss.item(as: Double.self)
      }
    }
  }

  @Test func trainingThatSkipsZerosHasTheLossesOfDenseTraining() throws {
    let recorder = ProductRecorder()
    let skipping = recorder.recording { losses { layer, x in layer(x) } }
    let products = recorder.take()
    for stage in ProductRecorder.Stage.allCases {
      let sparse = products.filter { $0.stage == stage && $0.usesSparseRows }
      expectAtLeast(sparse.count, Self.steps, "\(stage): \(sparse.count) products skipped zeros")
    }

    let dense = recorder.recording {
      losses { layer, x in linear(x, weight: layer.weight.value, bias: layer.bias?.value) }
    }
    expectTrue(recorder.take().isEmpty)

    let worst = try unwrapped(zip(skipping, dense).map { abs($0 - $1) }.max())
    expectAtMost(worst, Self.tolerance)
    // A curve that stands still would agree with anything.
    let (first, last) = (dense.prefix(4).reduce(0, +), dense.suffix(4).reduce(0, +))
    expectLess(last, 0.7 * first)
  }
}
