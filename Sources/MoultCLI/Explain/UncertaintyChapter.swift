import Moult

/// The chapter about uncertainty: Monte Carlo predictions for a digit, and for the same digit rotated by 90°.
struct UncertaintyChapter: Chapter {
  static let name = "doubt"
  let title = "Not knowing"

  let upright: Answer
  let turned: Answer
  let label: Int
  /// The number of digits that were predicted upright and rotated.
  let count: Int
  /// The fraction of pairs of a rotated and an upright digit in which the rotated one has the larger entropy (AUROC).
  let area: Double

  /// The prediction of the network for one image.
  struct Answer {
    let image: PixelImage
    /// The class probabilities, averaged over the passes.
    let mean: [Double]
    /// The entropy of the averaged probabilities, in nats.
    let entropy: Double
    /// The mutual information in nats: the part of the entropy that comes from disagreement between passes.
    let disagreement: Double
    /// The class probabilities in evaluation mode, without dropout.
    let evaluated: [Double]

    init(_ network: TrainedNetwork, _ image: PixelImage) {
      let x = Tensor(image.values, shape: [1, image.values.count])
      let answer = network.model.predict(x, passes: ExplainSettings.passes, as: .classification)
      self.image = image
      mean = answer.mean.scalars()
      entropy = answer.entropy.scalars(as: Double.self)[0]
      disagreement = answer.mutualInformation.scalars(as: Double.self)[0]
      evaluated = network.evaluated(x).scalars()
    }

    var answer: Int { mean.indices.max { mean[$0] < mean[$1] } ?? 0 }
    var evaluatedAnswer: Int { evaluated.indices.max { evaluated[$0] < evaluated[$1] } ?? 0 }
  }

  init(_ lesson: Lesson) throws(MoultError) {
    let (network, settings) = (try lesson.networks().dropped, lesson.settings)
    count = settings.turnedImages
    let digits = lesson.validation.prefix(count)
    let pixels = digits.inputs.scalars(as: Float.self)
    let images = stride(from: 0, to: pixels.count, by: 784).map { PixelImage(Array(pixels[$0..<$0 + 784])) }
    label = Int(digits.labels.scalars(as: Int64.self)[0])
    let around = Tensor(images.flatMap(\.turned.values), shape: [count, 784])
    (upright, turned, area) = withSeed(settings.seed) {
      let known = network.model.predict(digits.inputs, passes: ExplainSettings.passes, as: .classification).entropy
      let strange = network.model.predict(around, passes: ExplainSettings.passes, as: .classification).entropy
      return (
        Answer(network, images[0]), Answer(network, images[0].turned), areaUnderROC(of: strange, over: known)
      )
    }
  }

  var introduction: String {
    "With dropout left on, \(ExplainSettings.passes) passes are \(ExplainSettings.passes) opinions. Their mean for a \(label) "
      + "that the network has not seen, the first validation digit, and for the same turned by a quarter:"
  }

  func drawing(_ style: TextStyle) -> [String] {
    func column(_ answer: Answer, _ name: String) -> [String] {
      let bars = (0..<10).map { digit in
        "\(digit) " + style.bar(answer.mean[digit], width: Self.barWidth)
          + NumberFormat.percent(answer.mean[digit], 0).leftPadded(to: 6)
      }
      let image = TextStyle.beside([answer.image.halved.inkLines(style), bars], widths: [14])
      return [name] + image
    }
    return TextStyle.beside([column(upright, "upright"), column(turned, "turned")], widths: [38], gap: 3)
  }

  private static let barWidth = 13

  var findings: [String] { [imageSentence + " " + setSentence] }

  var nextSteps: [String] { TextStyle.wrapped("Try next: " + NextStep.commands.joined(separator: "; ")) }

  private var imageSentence: String {
    let (a, b) = (upright.entropy, turned.entropy)
    let numbers = "entropy \(NumberFormat.fixed(a, 2)) upright, \(NumberFormat.fixed(b, 2)) turned (of at most 2.30)"
    let words =
      b >= 1.1 * a + 0.01
      ? "The passes are less sure of the turned one"
      : a >= 1.1 * b + 0.01 ? "The passes are surer of the turned one, wrongly" : "The passes do not tell them apart"
    let sure = turned.evaluated[turned.evaluatedAnswer]
    return "\(words): \(numbers). Evaluation, without dropout, says \(turned.evaluatedAnswer) of the turned one with "
      + "\(NumberFormat.percent(sure, 0))."
  }

  private var setSentence: String {
    let words =
      area >= 0.9
      ? "uncertainty finds what is strange"
      : area >= 0.7
        ? "uncertainty is a help, not a proof"
        : area > 0.55 ? "uncertainty is a weak sign here" : "uncertainty is no sign here"
    return "Over \(count) digits, a turned one has a greater entropy than an upright one in "
      + "\(NumberFormat.percent(area, 0)) of pairs: \(words)."
  }

  var members: [JSONOutput.Member] {
    func json(_ answer: Answer) -> JSONOutput {
      [
        "mean": .array(answer.mean.map { .number($0) }), "entropy": .number(answer.entropy),
        "mutual_information": .number(answer.disagreement),
        "evaluation": .array(answer.evaluated.map { .number($0) }),
      ]
    }
    return [
      .init(key: "passes", value: .integer(ExplainSettings.passes)), .init(key: "label", value: .integer(label)),
      .init(key: "upright", value: json(upright)), .init(key: "turned", value: json(turned)),
      .init(key: "images", value: .integer(count)), .init(key: "turned_more_uncertain", value: .number(area)),
    ]
  }
}
