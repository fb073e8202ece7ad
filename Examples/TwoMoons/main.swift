// Separates two moons, first with a training loop of its own, then with the trainer.
//
//     swift run -c release TwoMoons

import Moult

/// Points on two half circles that reach into each other, with noise.
func moons(count: Int, seed: UInt64) -> TensorDataset {
  let angle = Tensor.randomUniform([count], in: 0..<Double.pi, seed: seed)
  let labels = Tensor(labels: (0..<count).map { $0 % 2 })
  let isLower = labels.cast(to: .float32)
  let sign = 1 - 2 * isLower
  let x = cos(angle) * sign + isLower
  let y = sin(angle) * sign + isLower * 0.5
  let noise = Tensor.randomNormal([count, 2], seed: seed + 1) * 0.15
  return TensorDataset(inputs: stack([x, y], axis: 1) + noise, labels: labels)
}

func network() -> Sequential { Sequential(Linear(2, 64), ReLU(), Dropout(0.1), Linear(64, 2)) }

let train = moons(count: 1_000, seed: 1), test = moons(count: 1_000, seed: 3)

// By hand.
let byHand = withSeed(1) { network() }
let optimizer = Adam(byHand.parameters(), learningRate: 0.01)
for batches in train.epochs(20, of: 50, shuffledBy: 1) {
  for batch in batches {
    optimizer.step(minimizing: crossEntropy(byHand(batch.inputs), batch.labels))
  }
}

// By the trainer.
let byTrainer = withSeed(1) { network() }
let trainer = Trainer(
  byTrainer, optimizer: Adam(byTrainer.parameters(), learningRate: 0.01), loss: crossEntropy, seed: 1)
try trainer.fit(train, validation: test, epochs: 20, batchSize: 50)

for (name, model) in [("by hand", byHand), ("by the trainer", byTrainer)] {
  let accuracy = model.evaluate(on: test, loss: crossEntropy).accuracy ?? 0
  print("accuracy \(name):", accuracy)
  precondition(accuracy > 0.95)
}
