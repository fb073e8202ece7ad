import Moult
import MoultReport

extension ClassificationReport {
  /// The largest number of misclassified samples that are shown.
  private static let shownMistakes = 24
  /// The number of passes for the uncertainty, and the largest number of samples, drawn at random, that are predicted
  /// with them.
  private static let (passes, sampled) = (100, 2_000)

  /// Evaluates the predictions of a trained classifier on the test samples.
  init(_ model: MLP, _ data: TrainingData) {
    self.init()
    let classNames = data.target.classNames
    let logits = model.outputs(on: data.test), labels = data.test.labels
    let probabilities = softmax(logits)
    let classes = probabilities.argmax(axis: 1).scalars(as: Int64.self).map { Int($0) }
    let truths = labels.scalars(as: Int64.self).map { Int($0) }
    // With more classes the confusion matrix would take too much memory and be unreadable.
    if classNames.count <= TableEncoding.greatestClassCount {
      var counts = [[Int]](repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
      for (truth, label) in zip(truths, classes) where label < classNames.count { counts[truth][label] += 1 }
      confusion = ConfusionMatrix(classes: classNames, counts: counts)
    }
    mostWrong = Self.mistakes(probabilities, classes, truths, data, classNames)
    addCalibration(model, data, logits: logits)
    addUncertainty(model, data)
  }

  private static func mistakes(
    _ probabilities: Tensor, _ classes: [Int], _ truths: [Int], _ data: TrainingData, _ classNames: [String]
  ) -> [WrongSample] {
    let values = probabilities.scalars(as: Double.self), width = probabilities.shape[1]
    let wrong = classes.indices.filter { classes[$0] != truths[$0] }
      .sorted { (values[$1 * width + classes[$1]], $0) < (values[$0 * width + classes[$0]], $1) }
    func name(_ label: Int) -> String { label < classNames.count ? classNames[label] : String(label) }
    return wrong.prefix(shownMistakes).compactMap { sample in
      data.content(ofTest: sample).map { content in
        WrongSample(
          index: sample, truth: name(truths[sample]), answer: name(classes[sample]),
          probability: values[sample * width + classes[sample]],
          truthProbability: values[sample * width + truths[sample]],
          content: content)
      }
    }
  }

  /// Adds the calibration curves. The temperature is fitted on other samples than those of the evaluation: on the
  /// validation part, or if that is the test part, on a random half of it.
  private mutating func addCalibration(_ model: MLP, _ data: TrainingData, logits: Tensor) {
    let (fitted, evaluated) =
      data.isValidatedOnTest ? data.test.split(0.5, seed: 0) : (data.validation, data.test)
    guard fitted.count > 0, evaluated.count > 0 else { return }
    let scaling = TemperatureScaling(fitting: model.outputs(on: fitted), fitted.labels)
    let logits = data.isValidatedOnTest ? model.outputs(on: evaluated) : logits
    func curve(_ probabilities: Tensor) -> CalibrationCurve {
      CalibrationCurve(
        ReliabilityDiagram(probabilities, evaluated.labels),
        negativeLogLikelihood: negativeLogLikelihood(probabilities, evaluated.labels))
    }
    calibration = curve(softmax(logits))
    scaledCalibration = curve(softmax(scaling(logits)))
    temperature = scaling.temperature
    temperatureSource = data.isValidatedOnTest ? .restOfTest(fitted.count) : .validation(fitted.count)
  }

  private mutating func addUncertainty(_ model: MLP, _ data: TrainingData) {
    guard model.isStochastic else { return }
    let part = data.test.drawn(Self.sampled)
    let classes = model.outputs(on: part).argmax(axis: 1).scalars(as: Int64.self)
    let entropy = model.predict(part.inputs, passes: Self.passes, as: .classification).entropy.scalars(as: Double.self)
    var (right, wrong): ([Double], [Double]) = ([], [])
    for (value, (label, truth)) in zip(entropy, zip(classes, part.labels.scalars(as: Int64.self))) {
      if label == truth { right.append(value) } else { wrong.append(value) }
    }
    let area =
      right.isEmpty || wrong.isEmpty
      ? nil : areaUnderROC(of: Tensor(wrong, shape: [wrong.count]), over: Tensor(right, shape: [right.count]))
    uncertainty = UncertaintySplit(
      measure: "Entropy of \(Self.passes) passes (nats)", right: right, wrong: wrong, areaUnderROC: area,
      drawnFrom: part.count < data.test.count ? data.test.count : nil)
  }
}

extension MLP {
  /// Returns the outputs for all samples, with dropout off.
  func outputs(on data: TensorDataset) -> Tensor {
    evaluating {
      withGradients(false) { concatenate(data.batches(of: 1_000).map { self($0.inputs) }, axis: 0) }
    }
  }

  /// Whether the network has a stochastic layer, so that passes can differ. A layer with a rate of 0 does not count.
  var isStochastic: Bool {
    stochasticLayers().contains { _, layer in (layer as? any RatedLayer).map { $0.rate > 0 } ?? true }
  }
}

extension TrainingData {
  /// Returns the image of a test sample; nil if the samples are not images of bytes.
  func content(ofTest sample: Int) -> WrongSample.Content? {
    guard let imageSize, test.storedInputs.dtype == .uint8,
      imageSize.width * imageSize.height * imageSize.channels == inputSize
    else { return nil }
    let bytes = test.storedInputs[sample..<sample + 1].contiguous().withContiguousBytes { [UInt8]($0) }
    return .image(width: imageSize.width, height: imageSize.height, channels: imageSize.channels, bytes: bytes)
  }
}
