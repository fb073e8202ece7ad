import Moult

/// The chapter about masks: the bit of a unit depends only on seed, layer, call, step, sample and unit.
struct UnitChapter: Chapter {
  static let name = "mask"
  let title = "One unit, one coin"

  /// A row of mask bits, and a label that describes it.
  struct Row: Equatable {
    let label: String
    /// Whether each unit is dropped.
    let dropped: [Bool]

    var text: String { String(dropped.map { $0 ? "0" : "1" }) }
  }

  let rate: Double
  let seed: UInt64
  /// The masks; the first is that of step 0 and sample 0.
  let rows: [Row]
  /// The number of the first `steps` steps in which unit 0 is dropped.
  let dropCount: Int
  /// For the HTML page: the index of the smallest of `sliderRates` at which each unit is dropped, for each step.
  let levels: [[Int]]

  static let units = 48
  static let steps = 1_000
  /// The rates of the page's slider: 0 to 0.95 in steps of 0.05.
  static let sliderRates = (0..<20).map { Double($0) / 20 }
  static let sliderSteps = 8
  static let sliderUnits = 64

  init(_ settings: ExplainSettings) {
    let (rate, seed) = (settings.rate, settings.seed)
    self.rate = rate
    self.seed = seed
    func mask(seed: UInt64 = seed, step: UInt32 = 0, sample: UInt32 = 0, rate: Double = rate, units: Int = Self.units)
      -> [Bool]
    {
      dropMaskBits(
        seed: seed, layer: 0, call: 0, domain: .training, step: step, rate: rate, sample: sample, rows: 1, units: units
      )[0]
    }
    rows = [
      Row(label: "step 0, sample 0", dropped: mask()),
      Row(label: "the same again", dropped: mask()),
      Row(label: "step 1", dropped: mask(step: 1)),
      Row(label: "sample 1", dropped: mask(sample: 1)),
      Row(label: "seed \(seed &+ 1)", dropped: mask(seed: seed &+ 1)),
    ]
    dropCount = (0..<Self.steps).count { mask(step: UInt32($0), units: 1)[0] }
    levels = (0..<Self.sliderSteps).map { step in
      // A unit that is dropped at one rate is also dropped at every larger rate, so the smallest rate is sufficient.
      let masks = Self.sliderRates.map { mask(step: UInt32(step), rate: $0, units: Self.sliderUnits) }
      return (0..<Self.sliderUnits).map { unit in masks.firstIndex { $0[unit] } ?? Self.sliderRates.count }
    }
  }

  /// Returns the remark on a row: the number of dropped units for the first row, the number of differences from it for
  /// others.
  func remark(_ row: Row, isFirst: Bool) -> String {
    if isFirst { return "\(row.dropped.count { $0 }) dropped" }
    let different = zip(row.dropped, rows[0].dropped).count { $0 != $1 }
    return different == 0 ? "equal" : "\(different) differ"
  }

  var introduction: String {
    "In training, dropout tosses a coin for every unit and every sample: with probability \(rate), the rate, the unit is "
      + "dropped, its output is 0 in this step, and the rest of the network must do without it. Here are the coins "
      + "of \(Self.units) units: 0 is dropped, 1 is kept."
  }

  func drawing(_ style: TextStyle) -> [String] {
    var table = TextTable(header: ["", "", ""])
    for (index, row) in rows.enumerated() { table.add([row.label, row.text, remark(row, isFirst: index == 0)]) }
    return table.lines + [
      "", "the law, for the bits U of a unit:",
    ] + Self.formula.map { "  " + $0 } + [
      "print the first row yourself:", "  " + command, "",
    ]
  }

  /// The rule by which units are dropped, in two lines.
  static let formula = [
    "U = 64 random bits of (seed, layer, call, step, sample, unit)", "dropped if U < rate * 2^64",
  ]

  /// The command that prints the first row.
  var command: String { "moult mask --rate \(rate) --units \(Self.units) --seed \(seed)" }

  /// The difference between the fraction of steps that drop unit 0 and the rate, in standard errors.
  private var deviation: Double {
    abs(Double(dropCount) / Double(Self.steps) - rate) / (rate * (1 - rate) / Double(Self.steps)).squareRoot()
  }

  var findings: [String] {
    let isEqual = rows[0].dropped == rows[1].dropped
    let changed = rows[2...].filter { $0.dropped != rows[0].dropped }.count
    return [
      (isEqual ? "Asked again, the coin falls the same way" : "Asked again, the coin fell otherwise")
        + "; \(changed == 3 ? "another step, sample or seed" : "\(changed) of the three changes") "
        + "\(changed == 3 ? "gives" : "gave") other units. "
        + "Over the first \(NumberFormat.grouped(Self.steps)) steps unit 0 was dropped \(dropCount) times: "
        + "\(NumberFormat.fixed(deviation, 1)) standard errors from the rate, "
        + (deviation <= 3 ? "as chance would have it." : "which is rare by chance.")
    ]
  }

  var members: [JSONOutput.Member] {
    [
      .init(key: "rate", value: .number(rate)),
      .init(
        key: "rows",
        value: .array(rows.map { ["label": .string($0.label), "mask": .string($0.text)] })),
      .init(key: "steps", value: .integer(Self.steps)), .init(key: "unit_0_dropped", value: .integer(dropCount)),
      .init(key: "command", value: .string(command)),
    ]
  }
}
