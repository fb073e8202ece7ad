// Trains with a loop of its own, then by the trainer, and asks how sure the network is.
//
//     swift run -c release TrainByHand path/to/idx    the four files of MNIST
//     swift run -c release TrainByHand                a made-up task, in a few seconds

import Moult

/// Which of ten stripes is bright? A task for those who have no files at hand.
func stripes(count: Int, seed: UInt64) -> TensorDataset {
  let places = (0..<count).map { $0 % 10 }
  var pixels = Tensor.randomUniform([count, 784], in: 0..<0.5, seed: seed).scalars(as: Float.self)
  for (sample, place) in places.enumerated() {
    for pixel in place * 78..<(place + 1) * 78 { pixels[sample * 784 + pixel] += 0.5 }
  }
  return TensorDataset(inputs: Tensor(pixels, shape: [count, 784]), labels: Tensor(labels: places))
}

let model = SimpleMLP()
let seed: UInt64 = 1
let data =
  if let path = CommandLine.arguments.dropFirst().first {
    try MNIST.load(from: path)
  } else {
    DatasetPair(train: stripes(count: 2_000, seed: 10), test: stripes(count: 500, seed: 20))
  }

// By hand: backward, update, clear are one call, and every forward pass draws new masks.
let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)
model.train()
for batches in data.train.epochs(1, of: 100, shuffledBy: seed) {
  for batch in batches {
    let loss = crossEntropy(model(batch.inputs), batch.labels)
    optimizer.step(minimizing: loss)
  }
}
print("after one epoch by hand:", model.evaluate(on: data.test, loss: crossEntropy).accuracy ?? 0)

// By the trainer: validation, history, the same masks for any split of a batch.
let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: seed)
let history = try trainer.fit(data.train, validation: data.test, epochs: 2, batchSize: 100)
print("after two more by the trainer:", history.last?.validationAccuracy ?? 0)

// How sure is it? Dropout stays on for 20 passes, and their spread says it.
let answer = model.predict(data.test.prefix(5).inputs, passes: 20, as: .classification)
print("mutual information of five answers:", answer.mutualInformation)

try model.save(to: "model.safetensors")
try model.load(from: "model.safetensors")
