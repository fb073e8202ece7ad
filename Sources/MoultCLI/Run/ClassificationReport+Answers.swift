import Moult
import MoultReport

extension ClassificationReport {
  /// Wrongly answered samples that are shown.
  private static let shownMistakes = 24
  /// Passes for the uncertainty, and samples that get them, drawn at random.
  private static let (passes, sampled) = (100, 2_000)

  /// What a trained classifier answers.
  init(_ model: MLP, _ problem: LearningProblem, classNames: [String]) {
    self.init()
    let logits = model.outputs(on: problem.test), labels = problem.test.labels
    let probabilities = softmax(logits)
    let answers = probabilities.argmax(axis: 1).scalars(as: Int64.self).map { Int($0) }
    let truths = labels.scalars(as: Int64.self).map { Int($0) }
    // Of more classes the square would fill memory, and nobody could read it.
    if classNames.count <= TableEncoding.greatestClassCount {
      var counts = [[Int]](repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
      for (truth, answer) in zip(truths, answers) where answer < classNames.count { counts[truth][answer] += 1 }
      confusion = ConfusionMatrix(classes: classNames, counts: counts)
    }
    mostWrong = Self.mistakes(probabilities, answers, truths, problem, classNames)
    addCalibration(model, problem, logits: logits)
    addUncertainty(model, problem)
  }

  private static func mistakes(
    _ probabilities: Tensor, _ answers: [Int], _ truths: [Int], _ problem: LearningProblem, _ classNames: [String]
  ) -> [WrongSample] {
    let values = probabilities.scalars(as: Double.self), width = probabilities.shape[1]
    let wrong = answers.indices.filter { answers[$0] != truths[$0] }
      .sorted { (values[$1 * width + answers[$1]], $0) < (values[$0 * width + answers[$0]], $1) }
    func name(_ label: Int) -> String { label < classNames.count ? classNames[label] : String(label) }
    return wrong.prefix(shownMistakes).compactMap { sample in
      problem.content(ofTest: sample).map { content in
        WrongSample(
          index: sample, truth: name(truths[sample]), answer: name(answers[sample]),
          probability: values[sample * width + answers[sample]],
          truthProbability: values[sample * width + truths[sample]],
          content: content)
      }
    }
  }

  /// The temperature is fitted on other samples than those that judge it: on the validation part, or where that is the test part
  /// on one half of it, drawn at random.
  private mutating func addCalibration(_ model: MLP, _ problem: LearningProblem, logits: Tensor) {
    let (fitted, judged) =
      problem.isValidatedOnTest ? problem.test.split(0.5, seed: 0) : (problem.validation, problem.test)
    guard fitted.count > 0, judged.count > 0 else { return }
    let scaling = TemperatureScaling(fitting: model.outputs(on: fitted), fitted.labels)
    let logits = problem.isValidatedOnTest ? model.outputs(on: judged) : logits
    func curve(_ probabilities: Tensor) -> CalibrationCurve {
      CalibrationCurve(
        ReliabilityDiagram(probabilities, judged.labels),
        negativeLogLikelihood: negativeLogLikelihood(probabilities, judged.labels))
    }
    calibration = curve(softmax(logits))
    scaledCalibration = curve(softmax(scaling(logits)))
    temperature = scaling.temperature
    temperatureSource = problem.isValidatedOnTest ? .restOfTest(fitted.count) : .validation(fitted.count)
  }

  private mutating func addUncertainty(_ model: MLP, _ problem: LearningProblem) {
    guard model.isStochastic else { return }
    let part = problem.test.drawn(Self.sampled)
    let answers = model.outputs(on: part).argmax(axis: 1).scalars(as: Int64.self)
    let entropy = model.predict(part.inputs, passes: Self.passes).entropy.scalars(as: Double.self)
    var (right, wrong): ([Double], [Double]) = ([], [])
    for (value, (answer, truth)) in zip(entropy, zip(answers, part.labels.scalars(as: Int64.self))) {
      if answer == truth { right.append(value) } else { wrong.append(value) }
    }
    let area =
      right.isEmpty || wrong.isEmpty
      ? nil : areaUnderROC(of: Tensor(wrong, shape: [wrong.count]), over: Tensor(right, shape: [right.count]))
    uncertainty = UncertaintySplit(
      measure: "Entropy of \(Self.passes) passes (nats)", right: right, wrong: wrong, areaUnderROC: area,
      drawnFrom: part.count < problem.test.count ? problem.test.count : nil)
  }
}

extension MLP {
  /// The outputs for all samples, in evaluation mode.
  func outputs(on data: Dataset) -> Tensor {
    evaluating {
      withGradients(false) { concatenate(data.batches(of: 1_000).map { self($0.inputs) }, axis: 0) }
    }
  }

  /// Whether anything is dropped in it, so that passes can differ.
  var isStochastic: Bool {
    stochasticLayers().contains { _, layer in (layer as? any RatedLayer).map { $0.rate > 0 } ?? true }
  }
}

extension LearningProblem {
  /// What a test sample looks like.
  func content(ofTest sample: Int) -> WrongSample.Content? {
    guard let imageSize, test.storedInputs.dtype == .uint8,
      imageSize.width * imageSize.height * imageSize.channels == inputSize
    else { return nil }
    let bytes = test.storedInputs[sample..<sample + 1].contiguous().withContiguousBytes { [UInt8]($0) }
    return .image(width: imageSize.width, height: imageSize.height, channels: imageSize.channels, bytes: bytes)
  }
}
