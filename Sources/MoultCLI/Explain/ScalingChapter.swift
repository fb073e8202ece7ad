import Moult

/// The chapter about scaling: kept units are divided by 1 - rate, so that the mean input of the next layer's units does
/// not change.
struct ScalingChapter: Chapter {
  static let name = "scaling"
  let title = "Why divide by 1 - rate"

  /// The weighted sum that the unit receives without dropout.
  let undropped: Double
  let rows: [Row]
  /// The number of masks over which each mean is computed.
  let draws: Int
  /// The index of the second layer's unit that is shown.
  let unit: Int

  /// The weighted sum over many masks of one rate.
  struct Row: Equatable {
    let rate: Double
    let scaled: Mean
    let unscaled: Mean
  }

  /// A mean over masks, with its standard error.
  struct Mean: Equatable {
    let value: Double
    let standardDeviation: Double
    let standardError: Double

    /// Returns the distance between the mean and `target`, in standard errors.
    func distance(from target: Double) -> Double { abs(value - target) / standardError }

    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      value = mean
      standardDeviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
      standardError = standardDeviation / count.squareRoot()
    }
  }

  static let rates = [0.1, 0.25, 0.5, 0.8]
  /// The largest distance, in standard errors, that is attributed to chance.
  static let tolerance = 4.0

  init(_ lesson: Lesson) throws(MoultError) {
    let (model, settings) = (try lesson.networks().dropped.model, lesson.settings)
    draws = settings.draws
    let digit = lesson.validation.batch(at: [0]).inputs
    let second = model.hiddenLayers[1]
    let (hidden, sums) = model.evaluating {
      withGradients(false) {
        let hidden = relu(model.hiddenLayers[0](digit))
        return (hidden.scalars(as: Float.self), second(hidden).scalars(as: Double.self))
      }
    }
    let unit = sums.indices.max { sums[$0] < sums[$1] } ?? 0
    let weights = second.parameters()[0].value[unit].scalars(as: Float.self)
    self.unit = unit
    let contributions = zip(hidden, weights).map { Double($0) * Double($1) }
    undropped = contributions.reduce(0, +)
    let sent = Tensor(contributions.map { Float($0) }, shape: [1, contributions.count])
    let all = concatenate(Array(repeating: sent, count: draws), axis: 0)
    rows = withSeed(settings.seed) {
      Self.rates.enumerated().map { index, rate in
        // Each row is a sample with a mask of its own.
        let kept = withStep(0) { dropout(all, rate: rate, mode: .training, stream: index) }
        let scaled = kept.sum(axis: 1).scalars(as: Double.self)
        return Row(rate: rate, scaled: Mean(scaled), unscaled: Mean(scaled.map { $0 * (1 - rate) }))
      }
    }
  }

  var introduction: String {
    "A unit adds up what the layer before sends it. For the first digit of the validation set, unit \(unit) of the second "
      + "layer receives \(NumberFormat.fixed(undropped, 3)) when nothing is dropped. Below: the mean of what it "
      + "receives over \(NumberFormat.grouped(draws)) masks, with its standard error; and the same where survivors "
      + "are divided by 1 - rate, as Moult does in training."
  }

  func drawing(_ style: TextStyle) -> [String] {
    [""] + TextTable(table, rightAligned: Set(0..<8)).lines.map { "  " + $0 } + [""]
  }

  /// The means as a table, with the header first.
  var table: [[String]] {
    [["rate", "as dropped", "+-", "share", "divided", "+-", "share", "spread"]]
      + rows.map { row in
        [
          "\(row.rate)", NumberFormat.fixed(row.unscaled.value, 3), NumberFormat.fixed(row.unscaled.standardError, 3),
          share(row.unscaled), NumberFormat.fixed(row.scaled.value, 3), NumberFormat.fixed(row.scaled.standardError, 3),
          share(row.scaled), NumberFormat.fixed(row.scaled.standardDeviation, 2),
        ]
      }
  }

  private func share(_ mean: Mean) -> String { NumberFormat.percent(mean.value / undropped, 1) }

  var findings: [String] {
    let near = rows.count { $0.scaled.distance(from: undropped) <= Self.tolerance }
    let far = rows.count { $0.unscaled.distance(from: undropped) > Self.tolerance }
    return [
      "Divided, the mean is within \(Int(Self.tolerance)) standard errors of the undropped value at \(near) of "
        + "\(rows.count) rates; as dropped, it is further off at \(far) of \(rows.count).",
      near == rows.count && far == rows.count
        ? "So the next layer finds the same mean in training and in evaluation, and evaluation needs no correction: "
          + "dropout is simply left out there."
        : "With few masks, or a unit that receives little, chance hides the difference: more --images draw more masks.",
      "The mean is kept, the spread is not: what the unit receives from one mask lies around the mean with the standard "
        + "deviation in the last column\(spreadWords). That noise is what the network learns to bear.",
    ]
  }

  private var spreadWords: String {
    zip(rows, rows.dropFirst()).allSatisfy { $0.scaled.standardDeviation < $1.scaled.standardDeviation }
      ? ", which grows with the rate" : ""
  }

  var members: [JSONOutput.Member] {
    func json(_ mean: Mean) -> JSONOutput {
      [
        "mean": .number(mean.value), "standard_error": .number(mean.standardError),
        "standard_deviation": .number(mean.standardDeviation),
      ]
    }
    return [
      .init(key: "unit", value: .integer(unit)), .init(key: "undropped", value: .number(undropped)),
      .init(key: "draws", value: .integer(draws)),
      .init(
        key: "rates",
        value: .array(
          rows.map { ["rate": .number($0.rate), "scaled": json($0.scaled), "unscaled": json($0.unscaled)] })),
    ]
  }
}
