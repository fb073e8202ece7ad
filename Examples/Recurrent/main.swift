// A recurrent network of 50 steps, written as a cell and a loop: is the mean of a noisy sequence above zero?
//
//     swift run -c release Recurrent

import Moult

/// A gated recurrent unit (Cho et al. 2014) with dropout on its input and zoneout on its state.
struct GRUCell: Module {
  let gates, candidate: Linear
  let dropout: Dropout
  let size: Int

  init(_ inputSize: Int, _ size: Int, dropout rate: Double) {
    self.size = size
    gates = Linear(inputSize + size, 2 * size)
    candidate = Linear(inputSize + size, size)
    dropout = Dropout(rate)
  }

  func callAsFunction(_ input: (x: Tensor, state: Tensor)) -> Tensor {
    let x = dropout(input.x)
    let both = sigmoid(gates(concatenate([x, input.state], axis: 1)))
    let reset = both[0..., 0..<size], update = both[0..., size...]
    let proposed = tanh(candidate(concatenate([x, reset * input.state], axis: 1)))
    return update * input.state + (1 - update) * proposed
  }
}

/// Reads a sequence `[N, T, D]` and classifies it by its last state.
struct SequenceClassifier: Module {
  let cell = GRUCell(4, 32, dropout: 0.1)
  let head = Linear(32, 2)

  func callAsFunction(_ x: Tensor) -> Tensor {
    var state = Tensor.zeros([x.shape[0], cell.size])
    for step in 0..<x.shape[1] { state = cell((x[0..., step, 0...], state)) }
    return head(state)
  }
}

/// Sequences of 50 steps, of which the first of four numbers has a small mean.
func sequences(count: Int, seed: UInt64) -> TensorDataset {
  let labels = (0..<count).map { $0 % 2 }
  let shift = Tensor(labels.map { $0 == 1 ? 0.4 : -0.4 as Float }).reshaped([count, 1, 1])
  let signal = Tensor([1, 0, 0, 0] as [Float])
  return TensorDataset(
    inputs: Tensor.randomNormal([count, 50, 4], seed: seed) + shift * signal, labels: Tensor(labels: labels))
}

let model = withSeed(1) { SequenceClassifier() }
let test = sequences(count: 500, seed: 2)
let trainer = Trainer(
  model, optimizer: Adam(model.parameters(), learningRate: 0.01), loss: crossEntropy, seed: 1,
  gradientTransforms: [.clipNorm(1)])
try trainer.fit(sequences(count: 1_000, seed: 1), epochs: 4, batchSize: 50)

let accuracy = model.evaluate(on: test, loss: crossEntropy).accuracy ?? 0
let prediction = model.predict(test.prefix(5).inputs, passes: 50, as: .classification)
print("accuracy:", accuracy, "entropy of five sequences:", prediction.entropy)
precondition(accuracy > 0.95)
