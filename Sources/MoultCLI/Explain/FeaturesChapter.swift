import Moult

/// The chapter about learned features: the weights of the first layer's units as images, without and with dropout.
struct FeaturesChapter: Chapter {
  static let name = "features"
  let title = "What the units look for"

  let rate: Double
  let plain: LearnedFeatures
  let dropped: LearnedFeatures

  init(_ settings: ExplainSettings, _ networks: TrainedPair, training: TensorDataset) {
    rate = settings.rate
    let isLit = LearnedFeatures.litPixels(of: training)
    plain = LearnedFeatures(networks.plain, isLit: isLit, training: training)
    dropped = LearnedFeatures(networks.dropped, isLit: isLit, training: training)
  }

  var introduction: String {
    "What training added to a first-layer unit's weights, as an image: red or + is ink that the unit looks for, blue or - "
      + "ink that speaks against it. Smoothness is the correlation of neighboring pixels: 1 smooth, 0 noise."
  }

  func drawing(_ style: TextStyle) -> [String] {
    func column(_ features: LearnedFeatures, _ name: String) -> [String] {
      let unit = features.middle
      let image = PixelImage(features.images[unit])
      return ["\(name), middle unit \(unit): \(NumberFormat.fixed(features.smoothness[unit], 3))"]
        + image.signedLines(style, limit: features.limit(of: unit))
    }
    return TextStyle.beside(
      [column(plain, "without"), column(dropped, "dropout \(rate)")], widths: [34], gap: 4)
  }

  var findings: [String] {
    [smoothnessSentence + " " + activitySentence]
  }

  /// Smaller differences in smoothness are called small, even if they are statistically significant.
  private static let smallDifference = 0.05

  private var smoothnessSentence: String {
    let (a, b) = (plain.mean, dropped.mean)
    let numbers =
      "\(NumberFormat.fixed(a.value, 3)) +- \(NumberFormat.fixed(a.standardError, 3)) without, "
      + "\(NumberFormat.fixed(b.value, 3)) +- \(NumberFormat.fixed(b.standardError, 3)) with"
    let difference =
      (b.value - a.value) / (a.standardError * a.standardError + b.standardError * b.standardError).squareRoot()
    let amount = abs(b.value - a.value) < Self.smallDifference ? "a little " : ""
    let words =
      difference >= 2
      ? "\(amount)smoother with dropout"
      : difference <= -2 ? "\(amount)rougher with dropout" : "no difference beyond chance"
    return "Mean smoothness: \(numbers): \(words)."
  }

  private var activitySentence: String {
    let (a, b) = (plain.activeShare, dropped.activeShare)
    let numbers = "\(NumberFormat.percent(a, 0)) without, \(NumberFormat.percent(b, 0)) with"
    let words = b <= 0.8 * a ? "fewer units answer" : b >= 1.25 * a ? "more units answer" : "about as many units answer"
    return "Units active for a digit: \(numbers); \(words) with dropout."
  }

  var members: [JSONOutput.Member] {
    func json(_ features: LearnedFeatures) -> JSONOutput {
      [
        "middle_unit": .integer(features.middle),
        "smoothness": .number(features.mean.value), "standard_error": .number(features.mean.standardError),
        "active_share": .number(features.activeShare),
      ]
    }
    return [
      .init(key: "rate", value: .number(rate)), .init(key: "without", value: json(plain)),
      .init(key: "with", value: json(dropped)),
    ]
  }
}
