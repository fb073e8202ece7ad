// A convolution from unfold and a linear layer: which way do the stripes of an image run?
//
//     swift run -c release Convolution

import Moult

/// A convolution of stride 1 that keeps the size of the image.
struct Convolution: Module {
  let linear: Linear
  init(_ inputs: Int, _ outputs: Int) { linear = Linear(inputs * 9, outputs) }

  /// - Shapes: `x: [N, C, H, W]` -> `[N, outputs, H, W]`.
  func callAsFunction(_ x: Tensor) -> Tensor {
    let windows = unfold(x, kernel: [3, 3], padding: [1, 1])  // [N, C · 9, H · W]
    let y = linear(windows.transposed()).transposed()
    return y.reshaped([x.shape[0], linear.outputSize, x.shape[2], x.shape[3]])
  }
}

struct Classifier: Module {
  let first = Convolution(1, 8), second = Convolution(8, 16)
  let dropout = Dropout(0.25, sharing: .channels)
  let head = Linear(16, 2)

  func callAsFunction(_ x: Tensor) -> Tensor {
    let features = dropout(relu(second(relu(first(x)))))
    return head(features.mean(axes: [2, 3]))
  }
}

/// Stripes of a random phase in noise, along rows or columns.
func stripes(count: Int, seed: UInt64) -> TensorDataset {
  let labels = (0..<count).map { $0 % 2 }
  let phase = Tensor.randomUniform([count, 1, 1], in: 0..<4, seed: seed)
  let axis = Tensor.arange(12).reshaped([1, 12, 1])
  let rows = sin((axis + phase) * (Double.pi / 2))
  let isColumn = Tensor(labels.map { Float($0) }).reshaped([count, 1, 1])
  let image = rows * (1 - isColumn) + rows.transposed() * isColumn
  let noise = Tensor.randomNormal([count, 12, 12], seed: seed + 1) * 0.5
  return TensorDataset(inputs: (image + noise).unsqueezed(axis: 1), labels: Tensor(labels: labels))
}

let model = withSeed(1) { Classifier() }
let trainer = Trainer(model, optimizer: Adam(model.parameters(), learningRate: 0.01), loss: crossEntropy, seed: 1)
try trainer.fit(stripes(count: 400, seed: 1), epochs: 5, batchSize: 50)
let accuracy = model.evaluate(on: stripes(count: 400, seed: 3), loss: crossEntropy).accuracy ?? 0
print(model)
print("accuracy:", accuracy)
precondition(accuracy > 0.95)
