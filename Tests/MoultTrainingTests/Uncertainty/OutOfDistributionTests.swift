import Moult
import MoultDigits
import MoultTestSupport
import Testing

/// What a network trained on digits says of digits, of digits on their side, and of noise.
@Suite struct OutOfDistributionTests {
  /// Images of 28 by 28, a quarter turn to the right.
  private static func turned(_ images: Tensor) -> Tensor {
    let pixels = images.scalars(as: Float.self)
    let turned = pixels.indices.map { at in
      let (image, row, column) = (at / 784, at % 784 / 28, at % 28)
      return pixels[image * 784 + (27 - column) * 28 + row]
    }
    return Tensor(turned, shape: images.shape)
  }

  /// Each image's pixels in an order of its own.
  private static func shuffled(_ images: Tensor) -> Tensor {
    let pixels = images.scalars(as: Float.self),
      keys = Tensor.randomUniform(images.shape, seed: 4).scalars(as: Float.self)
    let shuffled = stride(from: 0, to: pixels.count, by: 784).flatMap { start in
      (start..<start + 784).sorted { keys[$0] < keys[$1] }.map { pixels[$0] }
    }
    return Tensor(shuffled, shape: images.shape)
  }

  @Test func mutualInformationTellsDigitsFromNoiseAndFromRotatedDigits() throws {
    let data = try BundledDigits.load(), train = data.train, test = data.test
    let model = withSeed(1) {
      Sequential(
        Dropout(0.2), Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 256), ReLU(), Dropout(0.5), Linear(256, 10))
    }
    model.train()
    let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)
    for epoch in 0..<20 {
      for batch in train.batches(of: 100, shuffledBy: UInt64(epoch), epoch: 0) {
        optimizer.step(minimizing: crossEntropy(model(batch.inputs), batch.labels))
      }
    }
    let count = 1_000
    let digits = test.inputs[0..<count], labels = test.labels[0..<count]
    func predicted(_ x: Tensor) -> Prediction { model.predict(x, passes: 100) }

    let known = predicted(digits), rotated = predicted(Self.turned(digits)), shuffled = predicted(Self.shuffled(digits))
    let noise = predicted(.randomUniform([count, 784], seed: 3))
    // Measured: 0.88, 0.82, 0.76 and 0.87, 0.99, 0.99; here less about two standard errors.
    expectGreater(areaUnderROC(of: rotated.mutualInformation, over: known.mutualInformation), 0.86)
    expectGreater(areaUnderROC(of: shuffled.mutualInformation, over: known.mutualInformation), 0.79)
    expectGreater(areaUnderROC(of: noise.mutualInformation, over: known.mutualInformation), 0.73)
    expectGreater(areaUnderROC(of: rotated.entropy, over: known.entropy), 0.85)
    expectGreater(areaUnderROC(of: shuffled.entropy, over: known.entropy), 0.98)
    expectGreater(areaUnderROC(of: noise.entropy, over: known.entropy), 0.97)
    // Where it is unsure it is more often wrong: to refuse a tenth takes away more than half of the errors.
    let wrong = (known.mean.argmax(axis: 1) .!= labels.cast(to: .int64)).cast(to: .float64)
    let curve = RiskCoverage(uncertainty: known.entropy, losses: wrong)
    expectLess(curve.risk(atCoverage: 0.9), curve.risk(atCoverage: 1) / 2)
  }
}
