import Moult

struct SimpleMLP: Module {
  let hiddenLayer1, hiddenLayer2, outputLayer: Linear
  let dropout1, dropout2: Dropout

  init(inputSize: Int = 784, hiddenSize: Int = 256, outputSize: Int = 10, dropoutRate: Double = 0.5) {
    hiddenLayer1 = Linear(inputSize, hiddenSize)
    dropout1 = Dropout(dropoutRate)
    hiddenLayer2 = Linear(hiddenSize, hiddenSize)
    dropout2 = Dropout(dropoutRate)
    outputLayer = Linear(hiddenSize, outputSize)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var x = dropout1(relu(hiddenLayer1(x)))
    x = dropout2(relu(hiddenLayer2(x)))
    return outputLayer(x)
  }
}
