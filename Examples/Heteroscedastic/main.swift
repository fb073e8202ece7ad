// A regression whose noise depends on the input, with intervals whose coverage is measured.
//
//     swift run -c release Heteroscedastic

import Moult

/// y = sin(3x) with noise of a standard deviation from 0.05 at the left to 0.5 at the right.
func points(count: Int, seed: UInt64) -> TensorDataset {
  let x = Tensor.randomUniform([count, 1], in: -1..<1, seed: seed)
  let noise = Tensor.randomNormal([count, 1], seed: seed + 1) * (x * 0.225 + 0.275)
  return TensorDataset(inputs: x, labels: sin(x * 3) + noise)
}

let train = points(count: 2_000, seed: 1)
let heldOut = points(count: 20_000, seed: 3)
let test = points(count: 20_000, seed: 5)

let model = withSeed(1) {
  Sequential(Linear(1, 64), ReLU(), Dropout(0.05), Linear(64, 64), ReLU(), Dropout(0.05), GaussianHead(64, 1))
}
let trainer = Trainer(
  model, optimizer: Adam(model.parameters(), learningRate: 0.005), loss: gaussianNegativeLogLikelihood, seed: 1)
try trainer.fit(train, epochs: 40, batchSize: 50)

func predicted(_ data: TensorDataset) -> Prediction {
  model.predict(data.inputs, passes: 50, as: .heteroscedasticRegression)
}

// The noise that the model predicts at three places, and the true one.
let places = model.predict(Tensor([[-0.9], [0], [0.9]]), passes: 200, as: .heteroscedasticRegression)
print("noise at -0.9, 0 and 0.9:", sqrt(places.noiseVariance).reshaped([3]), "true: 0.0725, 0.275, 0.4775")

// Intervals with scores from held-out points hold the fraction that they name.
let intervals = ConformalIntervals(fitting: predicted(heldOut), heldOut.labels)
let prediction = predicted(test)
let targets = test.labels.cast(to: .float64)
for level in [0.5, 0.8, 0.9, 0.95] {
  let (lower, upper) = intervals.interval(prediction, level: level)
  let holds = (lower .<= targets) .& (targets .<= upper)
  let coverage = holds.cast(to: .float64).mean().item(as: Double.self)
  // Both the scores and the test have sampling errors.
  let standardError = (2 * level * (1 - level) / Double(test.count)).squareRoot()
  print("level \(level): coverage \(coverage), standard error \(standardError)")
  precondition(abs(coverage - level) < 2 * standardError)
}
