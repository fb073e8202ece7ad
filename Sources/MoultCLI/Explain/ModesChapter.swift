import Moult

/// The chapter about training and evaluation mode: the units of a layer and the outputs, for one digit.
struct ModesChapter: Chapter {
  static let name = "modes"
  let title = "Training and evaluation, side by side"

  let rate: Double
  let digit: PixelImage
  let label: Int
  /// The index of the digit among the validation digits.
  let index: Int
  /// The number of digits from which the digit was chosen.
  let choice: Int
  /// The passes of training steps 0 and 1, and the pass in evaluation mode.
  let passes: [Pass]
  /// Whether a second pass in evaluation mode gives identical bits.
  let repeatsInEvaluation: Bool

  /// One forward pass through the network.
  struct Pass: Equatable {
    let label: String
    /// The outputs of the first layer's units after dropout.
    let units: [Float]
    /// Whether each unit was dropped.
    let dropped: [Bool]
    /// The class probabilities.
    let outputs: [Double]

    var answer: Int { outputs.indices.max { outputs[$0] < outputs[$1] } ?? 0 }
  }

  /// The largest number of digits from which the most uncertain one is chosen.
  private static let choiceLimit = 100
  /// The number of passes by which the uncertainty of each digit is computed.
  private static let choicePasses = 20
  /// The number of units that fit on a terminal.
  private static let shownUnits = 40

  init(_ lesson: Lesson) throws(MoultError) {
    let (network, settings) = (try lesson.networks().dropped, lesson.settings)
    let choice = min(Self.choiceLimit, lesson.validation.count)
    let (index, digit) = withSeed(settings.seed) {
      let digits = lesson.validation.prefix(choice)
      let information = network.model.predict(digits.inputs, passes: Self.choicePasses, as: .classification)
        .mutualInformation
        .scalars(as: Double.self)
      let index = information.indices.max { information[$0] < information[$1] } ?? 0
      return (index, digits.batch(at: [index]))
    }
    (rate, self.index, self.choice) = (settings.rate, index, choice)
    self.digit = PixelImage(digit.inputs.scalars())
    label = Int(digit.labels.scalars(as: Int64.self)[0])
    let model = network.model
    let training = [0, 1].map { step in Self.trainingPass(model, digit.inputs, seed: settings.seed, step: step) }
    let hidden = model.evaluating { withGradients(false) { relu(model.hiddenLayers[0](digit.inputs)) } }
    let outputs = network.evaluated(digit.inputs)
    let evaluation = Pass(
      label: "evaluation", units: hidden.scalars(), dropped: Array(repeating: false, count: hidden.count),
      outputs: outputs.scalars())
    passes = training + [evaluation]
    repeatsInEvaluation = network.evaluated(digit.inputs).hasBits(of: outputs)
  }

  /// Returns the pass of a training step, with the masks that training draws for sample 0 of that step.
  private static func trainingPass(_ model: MLP, _ x: Tensor, seed: UInt64, step: Int) -> Pass {
    model.train()
    return withSeed(seed) {
      withGradients(false) {
        let outputs = withStep(step) { softmax(model(x)) }
        let (units, record) = withStep(step) {
          recordingMasks { model.dropouts[0](relu(model.hiddenLayers[0](x))) }
        }
        let kept = record.masks[0].kept.scalars(as: Bool.self)
        return Pass(
          label: "training, step \(step)", units: units.scalars(), dropped: kept.map { !$0 }, outputs: outputs.scalars()
        )
      }
    }
  }

  /// The largest output of a unit in any pass.
  var greatest: Float { passes.flatMap(\.units).max() ?? 1 }

  var introduction: String {
    "A network of 784-256-256-10 units with dropout \(rate) has learned some digits, but not this \(label): of \(choice) that "
      + "it has not seen the one on which passes with dropout agree least. The coins are those of chapter 1."
  }

  func drawing(_ style: TextStyle) -> [String] {
    let names = ["step 0", "step 1", "eval"]
    var right = ["\(Self.shownUnits) hidden units: \(legend(style))"]
    for (name, pass) in zip(names, passes) { right.append(name.rightPadded(to: 7) + strip(pass, style)) }
    right.append("   " + names.map { "\($0) says".rightPadded(to: Self.barWidth + 6) }.joined())
    for digit in 0..<10 {
      var line = "\(digit)  "
      for pass in passes {
        let value = pass.outputs[digit]
        line +=
          style.bar(value, width: Self.barWidth) + NumberFormat.percent(value, 0).leftPadded(to: 5) + " "
      }
      right.append(line)
    }
    return TextStyle.beside([digit.inkLines(style), right], widths: [28]) + [""]
  }

  private static let barWidth = 9

  private func legend(_ style: TextStyle) -> String {
    style.usesUnicode ? "· dropped  _ silent  ▁..█ active" : ". dropped  _ silent  1..9 active"
  }

  /// Returns one character for each unit.
  private func strip(_ pass: Pass, _ style: TextStyle) -> String {
    let steps = Array(style.usesUnicode ? "▁▂▃▄▅▆▇█" : "123456789")
    return String(
      zip(pass.units, pass.dropped).prefix(Self.shownUnits).map { value, isDropped in
        if isDropped { return style.usesUnicode ? "·" : "." }
        if value <= 0 { return "_" }
        return steps[min(Int(value / greatest * Float(steps.count)), steps.count - 1)]
      })
  }

  var findings: [String] {
    let differences = zip(passes[0].outputs, passes[1].outputs).map { abs($0 - $1) }
    let predictions = "The two training passes say \(passes[0].answer) and \(passes[1].answer)"
    let most = "a probability differs by \(NumberFormat.fixed((differences.max() ?? 0) * 100, 0)) points"
    return [
      predictions + "; \(most). Evaluation drops nothing and says \(passes[2].answer)"
        + (repeatsInEvaluation ? ", with the same bits every time" : ", but not the same bits a second time")
        + (passes[2].answer == label ? "; that is right." : "; the digit is a \(label), so that is wrong.")
    ]
  }

  var members: [JSONOutput.Member] {
    [
      .init(key: "rate", value: .number(rate)), .init(key: "validation_index", value: .integer(index)),
      .init(key: "label", value: .integer(label)), .init(key: "evaluation_repeats", value: .bool(repeatsInEvaluation)),
      .init(
        key: "passes",
        value: .array(
          passes.map { pass in
            [
              "label": .string(pass.label),
              "mask": .string(String(pass.dropped.map { $0 ? "0" : "1" })),
              "units": .array(pass.units.map { .number(Double($0)) }),
              "outputs": .array(pass.outputs.map { .number($0) }), "answer": .integer(pass.answer),
            ]
          })),
    ]
  }
}
