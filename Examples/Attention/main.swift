// Attention with dropout of its weights: which value stands beside the key that the query asks for?
//
//     swift run -c release Attention

import Moult

/// One head of scaled dot-product attention (Vaswani et al. 2017), with a layer that drops its weights.
final class Attention: Module, RatedLayer {
  let query, key, value: Linear
  let dropoutState: DropoutState

  init(_ size: Int, dropout rate: Double) {
    (query, key, value) = (Linear(size, size), Linear(size, size), Linear(size, size))
    dropoutState = DropoutState(rate: rate, of: "Attention")
  }

  /// - Shapes: `x: [N, T, size]`, `asked: [N, 1, size]` -> `[N, 1, size]`.
  func callAsFunction(_ input: (x: Tensor, asked: Tensor)) -> Tensor {
    let scores = matmul(query(input.asked), key(input.x).transposed()) / Double(input.x.shape[2]).squareRoot()
    var weights = softmax(scores)
    if let draws = dropoutState.nextDraws() { weights = draws.dropout(weights) }
    return matmul(weights, value(input.x))
  }
}

/// The input is `[N, T + 1, 2 · keys]`: T places with a key and a value as one-hot numbers, then the key that is
/// asked.
struct Retrieval: Module {
  let embedding = Linear(16, 32)
  let attention = Attention(32, dropout: 0.1)
  let head = Linear(32, 8)

  func callAsFunction(_ x: Tensor) -> Tensor {
    let places = embedding(x)
    let last = x.shape[1] - 1
    return head(attention((places[0..., 0..<last], places[0..., last...])).squeezed(axis: 1))
  }
}

func questions(count: Int, seed: UInt64) -> TensorDataset {
  let values = Tensor.randomUniform([count, 9], in: 0..<8, seed: seed).scalars(as: Float.self).map { Int($0) }
  var keys: [Int] = [], written: [Int] = [], labels: [Int] = []
  for row in 0..<count {
    let asked = values[row * 9 + 8]
    keys += Array(0..<8) + [asked]
    written += Array(values[row * 9..<row * 9 + 8]) + [8]
    labels.append(values[row * 9 + asked])
  }
  let value = oneHot(Tensor(labels: written), classes: 9)[0..., 0..<8]  // 8 stands for no value
  let inputs = concatenate(
    [oneHot(Tensor(labels: keys), classes: 8), value], axis: 1)
  return TensorDataset(inputs: inputs.reshaped([count, 9, 16]), labels: Tensor(labels: labels))
}

let model = withSeed(1) { Retrieval() }
let test = questions(count: 500, seed: 9)
let trainer = Trainer(model, optimizer: Adam(model.parameters(), learningRate: 0.005), loss: crossEntropy, seed: 1)
try trainer.fit(questions(count: 4_000, seed: 5), epochs: 12, batchSize: 50)
let accuracy = model.evaluate(on: test, loss: crossEntropy).accuracy ?? 0
print("accuracy:", accuracy)
print("entropy of the mean of 100 passes:", model.predict(test.inputs, passes: 100, as: .classification).entropy.mean())
precondition(accuracy > 0.95)
