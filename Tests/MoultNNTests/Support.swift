import MoultCore
import MoultNN
import Testing

/// The article's network, smaller where a test asks.
struct SimpleMLP: Module {
  let hiddenLayer1, hiddenLayer2, outputLayer: Linear
  let dropout1, dropout2: Dropout

  init(
    inputSize: Int = 784, hiddenSize: Int = 256, outputSize: Int = 10, dropoutRate: Double = 0.5,
    dtype: DType = .float32
  ) {
    hiddenLayer1 = Linear(inputSize, hiddenSize, dtype: dtype)
    dropout1 = Dropout(dropoutRate)
    hiddenLayer2 = Linear(hiddenSize, hiddenSize, dtype: dtype)
    dropout2 = Dropout(dropoutRate)
    outputLayer = Linear(hiddenSize, outputSize, dtype: dtype)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var x = dropout1(relu(hiddenLayer1(x)))
    x = dropout2(relu(hiddenLayer2(x)))
    return outputLayer(x)
  }
}

/// One linear layer in Float64 with given weights and no bias, to follow optimizers by hand.
func parameter(_ values: [Double], shape: [Int]? = nil) -> Parameter {
  Parameter(Tensor(values, shape: shape ?? [values.count]))
}

/// Whether all elements agree with `expected` to `tolerance`; NaN agrees with nothing.
func isClose(_ tensor: Tensor, _ expected: [Double], tolerance: Double = 1e-12) -> Bool {
  let values = tensor.scalars(as: Double.self)
  return values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance }
}

/// Where a tensor is exactly zero.
func zeroPattern(_ tensor: Tensor) -> [Bool] { tensor.scalars(as: Float.self).map { $0 == 0 } }

/// What a process of an exit test wrote before it died.
func message(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
