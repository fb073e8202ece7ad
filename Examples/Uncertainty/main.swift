// The program of the article "Uncertainty with dropout", in Sources/MoultNN/MoultNN.docc.
//
//     swift run -c release Uncertainty

import Moult
import MoultDigits

let data = try BundledDigits.load()

func trained(on data: TensorDataset, seed: UInt64) throws -> Sequential {
  let model = withSeed(seed) {
    Sequential(
      Dropout(0.2), Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 256), ReLU(), Dropout(0.5), Linear(256, 10))
  }
  let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)
  let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: seed)
  _ = try trainer.fit(data, epochs: 20, batchSize: 100)
  return model
}

let (known, heldOut) = data.train.split(0.1, seed: 1)
let model = try trained(on: known, seed: 1)
let digits = data.test.prefix(1_000)

let answer = model.predict(digits.inputs, passes: 100, as: .classification)
let wrong = (answer.mean.argmax(axis: 1) .!= digits.labels.cast(to: .int64)).cast(to: .float64)
print("errors of the mean of 100 passes:", wrong.mean().item(as: Double.self))

let precise = model.predict(digits.inputs, passes: 10_000, as: .classification, until: 0.005)
print("passes for a standard error of 0.005:", precise.passes.min() ?? 0, "to", precise.passes.max() ?? 0)

func turned(_ images: Tensor) -> Tensor {
  let pixels = images.scalars(as: Float.self)
  return Tensor(
    pixels.indices.map { at in
      let (image, row, column) = (at / 784, at % 784 / 28, at % 28)
      return pixels[image * 784 + (27 - column) * 28 + row]
    }, shape: images.shape)
}

let strangers = [
  ("digits turned by a quarter", turned(digits.inputs)),
  ("uniform noise", Tensor.randomUniform(digits.inputs.shape, seed: 3)),
]
for (name, images) in strangers {
  let doubt = model.predict(images, passes: 100, as: .classification)
  print(
    "\(name): AUROC of mutual information", areaUnderROC(of: doubt.mutualInformation, over: answer.mutualInformation),
    "of entropy", areaUnderROC(of: doubt.entropy, over: answer.entropy))
}

let curve = RiskCoverage(uncertainty: answer.entropy, losses: wrong)
print("errors if it may refuse a tenth:", curve.risk(atCoverage: 0.9))

func logits(_ inputs: Tensor) -> Tensor { model.infer { model(inputs) } }

let scaling = TemperatureScaling(fitting: logits(heldOut.inputs), heldOut.labels)
print("temperature:", scaling.temperature)
for (name, probabilities) in [
  ("one network", softmax(logits(digits.inputs))),
  ("the same at its temperature", softmax(scaling(logits(digits.inputs)))),
  ("100 passes", answer.mean),
] {
  print(
    "\(name): calibration error", ReliabilityDiagram(probabilities, digits.labels).expectedCalibrationError,
    "Brier score", brierScore(probabilities, digits.labels),
    "negative log-likelihood", negativeLogLikelihood(probabilities, digits.labels))
}

let members = try (2...4).map { try trained(on: known, seed: $0) }
let ensemble = predict(digits.inputs, ensemble: members, as: .classification)
print("three networks: negative log-likelihood", negativeLogLikelihood(ensemble.mean, digits.labels))

let points = Tensor.randomUniform([200, 1], in: -1..<1, seed: 5)
let noisy = points * points * points + Tensor.randomNormal([200, 1], seed: 6) * 0.1
let posterior = DropoutPosterior(rate: 0.05, lengthScale: 0.1, noisePrecision: 100, sampleCount: 200)
let regression = withSeed(1) { Sequential(Linear(1, 100), ReLU(), Dropout(posterior.rate), Linear(100, 1)) }
let optimizer = Adam(regression.parameters(), learningRate: 0.01, weightDecay: posterior.weightDecay)
regression.train()
for step in 0..<2_000 {
  withStep(step) { optimizer.step(minimizing: meanSquaredError(regression(points), noisy)) }
}

let grid = Tensor([[-0.5], [0], [0.5], [2], [4]])
let cubic = regression.predict(grid, passes: 1_000, as: .regression)
print("mean:", cubic.mean.reshaped([5]))
print(
  "deviation of an observation:", sqrt(cubic.predictiveVariance(noisePrecision: posterior.noisePrecision)).reshaped([5])
)

let targets = ObservedTargets(noisy, noise: .precision(posterior.noisePrecision))
let evaluated = regression.predict(points, passes: 1_000, as: .regression, targets: targets)
print("log-likelihood a point:", evaluated.logLikelihood.mean())

let curves = regression.sampledOutputs(grid, passes: 20, masks: .perPass)
print("curves:", curves.shape)
