// Trains one epoch on a file of samples, read while training or held in memory, and prints its speed as JSON.
// Benchmarks/streaming.py makes the files and runs this program under a limit of memory:
// Streaming stream|memory INPUTS.npy LABELS.npy --hidden 512 [--batch 128] [--samples N] [--prefetched 2]

import Moult

func option(_ name: String) -> Int? {
  let arguments = CommandLine.arguments
  guard let place = arguments.firstIndex(of: "--" + name), place + 1 < arguments.count else { return nil }
  return Int(arguments[place + 1])
}

let arguments = CommandLine.arguments
guard arguments.count > 3 else {
  print("usage: Streaming stream|memory INPUTS.npy LABELS.npy --hidden N")
  throw MoultError(.usage, "expected stream or memory, and two files")
}
let (inputs, labels) = (try StoredArray(npy: arguments[2]), try StoredArray(npy: arguments[3]))
let data: any Dataset
switch arguments[1] {
case "memory":
  let rows = 0..<min(option("samples") ?? inputs.shape[0], inputs.shape[0])
  data = TensorDataset(inputs: try inputs.rows(rows), labels: try labels.rows(rows))
default:
  let stored = try StoredDataset(inputs: inputs, labels: labels)
  data = option("prefetched").map { stored.prefetched($0) } ?? stored
}

let hidden = option("hidden") ?? 512, batchSize = option("batch") ?? 128
let model = Sequential(
  Linear(inputs.shape[1], hidden), ReLU(), Dropout(0.5), Linear(hidden, hidden), ReLU(), Dropout(0.5),
  Linear(hidden, 10))
let trainer = Trainer(
  model, optimizer: SGD(model.parameters(), learningRate: 0.01, momentum: 0.9), loss: crossEntropy, seed: 1)
let history = try trainer.fit(data, epochs: 1, batchSize: batchSize)

let sampleByteCount = inputs.shape.dropFirst().reduce(inputs.dtype.byteCount, *)
let milliseconds = 1_000 * history.seconds / Double(history.steps)
let megabytesPerSecond = Double(history.samples * sampleByteCount) / history.seconds / 1e6
print(
  """
  {"steps": \(history.steps), "step_milliseconds": \(milliseconds), "megabytes_per_second": \(megabytesPerSecond)}
  """)
