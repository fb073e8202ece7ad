// Loads the weights of a PyTorch model with norms and answers as PyTorch did.
//
//     swift run -c release ForeignWeights [path of Examples/data]

import Moult

/// Layer normalization over the last axis (Ba et al. 2016), with PyTorch's names.
struct LayerNorm: Module {
  let weight, bias: Parameter
  init(_ size: Int) { (weight, bias) = (Parameter(.ones([size])), Parameter(.zeros([size]))) }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let centered = x - x.mean(axis: -1, keepingDimensions: true)
    let variance = (centered * centered).mean(axis: -1, keepingDimensions: true)
    return centered / sqrt(variance + 1e-5) * weight.value + bias.value
  }
}

/// Batch normalization of `[N, size]` (Ioffe and Szegedy 2015), with PyTorch's names.
struct BatchNorm: Module {
  let weight, bias: Parameter
  let runningMean, runningVar: Buffer
  let layerMode = LayerMode()

  init(_ size: Int) {
    (weight, bias) = (Parameter(.ones([size])), Parameter(.zeros([size])))
    (runningMean, runningVar) = (Buffer(.zeros([size])), Buffer(.ones([size])))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var (mean, variance) = (runningMean.value, runningVar.value)
    if layerMode.current == .training {
      mean = x.mean(axis: 0)
      let centered = x - mean
      variance = (centered * centered).mean(axis: 0)
      let unbiased = variance * (Double(x.shape[0]) / Double(max(x.shape[0] - 1, 1)))
      runningMean.update(runningMean.value * 0.9 + mean * 0.1)
      runningVar.update(runningVar.value * 0.9 + unbiased * 0.1)
    }
    return (x - mean) / sqrt(variance + 1e-5) * weight.value + bias.value
  }
}

struct Net: Module {
  let first = Linear(5, 8), second = Linear(8, 8), head = Linear(8, 3)
  let layerNorm = LayerNorm(8), batchNorm = BatchNorm(8)
  let dropout = Dropout(0.2)

  func callAsFunction(_ x: Tensor) -> Tensor {
    head(dropout(relu(batchNorm(second(relu(layerNorm(first(x))))))))
  }
}

let folder = CommandLine.arguments.dropFirst().first ?? "data"
let model = Net()
// The file was saved under DataParallel, and BatchNorm1d counts batches, which nothing here needs.
try model.load(
  from: "\(folder)/foreign.pt",
  renaming: [.prefix("module.", to: ""), .closure { $0.hasSuffix("num_batches_tracked") ? nil : $0 }])

let known = try NPZArchive("\(folder)/foreign.npz")
let (x, y) = (try known.read("x"), try known.read("y"))
let difference = abs(model.infer { model(x) } - y).max().item(as: Float.self)
print("largest difference to PyTorch:", difference)
print("deviations of 100 passes:", sqrt(model.predict(x, passes: 100, as: .regression).variance)[0])
precondition(difference < 1e-5)
