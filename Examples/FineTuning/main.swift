// Trains a network on one task and fine-tunes it for another from files that are read while training: loading in part,
// freezing, parameter groups, clipping and metrics.
//
//     swift run -c release FineTuning [folder for the files]

import Moult

struct Classifier: Module {
  let encoder = Sequential(Linear(20, 64), ReLU(), Dropout(0.1), Linear(64, 32), ReLU())
  let head: Linear
  init(classes: Int) { head = Linear(32, classes) }
  func callAsFunction(_ x: Tensor) -> Tensor { head(encoder(x)) }
}

/// Points with four classes by the signs of two features; the second task is whether the two signs agree.
func points(count: Int, seed: UInt64) -> (inputs: Tensor, signs: Tensor, agree: Tensor) {
  let x = Tensor.randomNormal([count, 20], seed: seed)
  let first = x[0..., 0] .> 0, second = x[0..., 1] .> 0
  let signs = first.cast(to: .int32) * 2 + second.cast(to: .int32)
  return (x, signs, (first .== second).cast(to: .int32))
}

let folder = CommandLine.arguments.dropFirst().first ?? "."

// The first task, with many samples.
let many = points(count: 4_000, seed: 1)
let general = withSeed(1) { Classifier(classes: 4) }
let pretraining = Trainer(
  general, optimizer: AdamW(general.parameters(), learningRate: 0.003), loss: crossEntropy, seed: 1)
try pretraining.fit(TensorDataset(inputs: many.inputs, labels: many.signs), epochs: 10, batchSize: 100)
try general.save(to: "\(folder)/general.safetensors")

// The second task, with few samples in a file. The head has another shape, so it is not loaded.
let few = points(count: 200, seed: 2), held = points(count: 1_000, seed: 3)
try NPZ.write(["x": few.inputs, "y": few.agree], to: "\(folder)/few.npz")
let archive = try NPZArchive("\(folder)/few.npz")
let samples = try StoredDataset(inputs: archive.open("x"), labels: archive.open("y"))

let model = withSeed(2) { Classifier(classes: 2) }
let report = try model.load(from: "\(folder)/general.safetensors", strict: false)
print(report)
model.encoder.layers.first.map { $0.freeze() }

let stopping = EarlyStopping(.metric(.f1()), patience: 10)
let trainer = Trainer(
  model,
  optimizer: AdamW(
    model.parameters(), learningRate: 0.001,
    groups: [.noDecay, .named("head.*", of: model, learningRate: .scaled(10))]),
  loss: crossEntropy, seed: 2, metrics: [.accuracy, .f1(), .auroc], gradientTransforms: [.clipNorm(1)],
  callbacks: [stopping])
let history = try trainer.fit(
  samples.prefetched(), validation: TensorDataset(inputs: held.inputs, labels: held.agree), epochs: 30, batchSize: 20)

let metrics = history.last?.validationMetrics ?? [:]
print("epochs:", history.epochs.count, "metrics:", metrics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
precondition(metrics["accuracy"] ?? 0 > 0.85)
