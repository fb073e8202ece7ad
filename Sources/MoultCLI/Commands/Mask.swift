import ArgumentParser
import Moult

/// `moult mask`: prints the bits of the mask law.
struct Mask: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints which units dropout keeps (1) and drops (0), one row per sample.",
    discussion: """
      A dropped unit is a pure function of seed, layer, call, step, sample and unit: the same bits on every machine, \
      for any number of threads and any split of a batch. This prints them, to look at or to compare.

        moult mask --rate 0.5 --rows 3 --units 16 --seed 1
        moult mask --rate 0.1 --units 784 --layer 2 --step 4000 --sample 17
        moult mask --rate 0.5 --units 8 --domain sampling --step 3    mask of the fourth Monte Carlo pass

      With --batch, settings come from standard input, one JSON object per line with the names of the options \
      (--rate and --units are required, the rest is 0, rows 1), and each answer is one JSON object per line:

        echo '{"seed":1,"rate":0.5,"rows":2,"units":8}' | moult mask --batch
      """)

  @Option(help: "Probability of dropping a unit, 0 to 1.")
  var rate: Double?

  @Option(help: "Units of a row: 1 to 1073741824.")
  var units: Int?

  @Option(help: "Rows to print: the samples from --sample on.")
  var rows = 1

  @Option(help: "The first sample: 0 to 4294967295.")
  var sample: Int = 0

  @Option(help: "The training step, or the pass of sampling: 0 to 4294967295.")
  var step: Int = 0

  @Option(help: "Number of the stochastic layer: 0 to 4294967295.")
  var layer: Int = 0

  @Option(help: "Which use of the layer within the step: 0 to 4294967295.")
  var call: Int = 0

  @Option(help: "training, sampling, shuffling, initialization, augmentation or user, or its number 0 to 5.")
  var domain = MaskSettings.Domain.training

  @Flag(help: "Read settings as JSON lines from standard input.")
  var batch = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !batch { _ = try settings() }
  }

  func run() throws {
    common.apply()
    if batch { return try runBatch() }
    let settings = try settings()
    for row in 0..<settings.rows {
      let mask = settings.text(ofRow: row)
      if common.json {
        try Console.result(
          ["schema": 1, "event": "mask", "sample": .integer(settings.sample + row), "mask": .string(mask)])
      } else {
        try Console.result(mask)
      }
    }
  }

  private func runBatch() throws {
    var number = 0
    while let line = readLine() {
      number += 1
      if line.allSatisfy(\.isWhitespace) { continue }
      let settings = try MaskSettings(json: line, location: "standard input, line \(number)")
      let masks = (0..<settings.rows).map { JSONOutput.string(settings.text(ofRow: $0)) }
      try Console.result(["schema": 1, "event": "mask", "sample": .integer(settings.sample), "masks": .array(masks)])
    }
  }

  private func settings() throws -> MaskSettings {
    guard let rate else { throw ValidationError("--rate: expected a rate in 0...1, got none; add --rate 0.5") }
    guard let units else { throw ValidationError("--units: expected the number of units, got none; add --units 16") }
    let settings = MaskSettings(
      seed: common.seed, layer: layer, call: call, domain: domain, step: step, rate: rate, sample: sample, rows: rows,
      units: units)
    if let problem = settings.problem { throw ValidationError("--" + problem) }
    return settings
  }
}
