import ArgumentParser
import Moult

/// The command `moult mask`: prints dropout masks, bit by bit.
struct Mask: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints which units dropout keeps (1) and drops (0), one row per sample.",
    discussion: """
      A dropped unit is a pure function of seed, layer, call, step, sample and unit: the same bits on every machine, \
      for any number of threads and any split of a batch. This prints them, to look at or to compare; the third \
      example is the mask of the fourth Monte Carlo pass.

        moult mask --rate 0.5 --rows 3 --units 16 --seed 1
        moult mask --rate 0.1 --units 784 --layer 2 --step 4000 --sample 17
        moult mask --rate 0.5 --units 8 --domain sampling --step 3

      With --batch, settings come from standard input, one JSON object per line with the names of the options \
      (rate and units are required, the rest is 0, rows 1), and each result is one JSON object per line, as with --json:

        echo '{"seed":1,"rate":0.5,"rows":2,"units":8}' | moult mask --batch
      """)

  @Option(help: "Probability of dropping a unit, 0 to 1.")
  var rate: Double?

  @Option(help: "Units of a row: 1 to 268435456, which is also the limit for those of all rows together.")
  var units: Int?

  @Option(help: "Rows to print: the samples from --sample on. (default: 1)")
  var rows: Int?

  @Option(help: "The first sample: 0 to 4294967295. (default: 0)")
  var sample: Int?

  @Option(help: "The training step, or the pass of sampling: 0 to 4294967295. (default: 0)")
  var step: Int?

  @Option(help: "Number of the stochastic layer: 0 to 4294967295. (default: 0)")
  var layer: Int?

  @Option(help: "Which use of the layer within the step: 0 to 4294967295. (default: 0)")
  var call: Int?

  @Option(
    help: ArgumentHelp(
      "training, sampling, shuffling, initialization, augmentation or user, or its number 0 to 5. (default: training)",
      valueName: "domain"))
  var domain: MaskSettings.Domain?

  @Flag(help: "Read settings as JSON lines from standard input.")
  var batch = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard batch else {
      _ = try settings()
      return
    }
    let options = [
      ("rate", rate != nil), ("units", units != nil), ("rows", rows != nil), ("sample", sample != nil),
      ("step", step != nil), ("layer", layer != nil), ("call", call != nil), ("domain", domain != nil),
      ("seed", common.seed != 0),
    ]
    if let (name, _) = options.first(where: \.1) {
      throw ValidationError(
        "--\(name): expected without --batch, whose settings come from its lines; write it there as \"\(name)\"")
    }
  }

  func run() throws {
    common.apply()
    if batch { return try runBatch() }
    let settings = try settings()
    if common.json { return try Console.result(settings.json) }
    for row in 0..<settings.rows { try Console.result(settings.text(ofRow: row)) }
  }

  private func runBatch() throws {
    var number = 0
    while let line = readLine() {
      number += 1
      if line.allSatisfy(\.isWhitespace) { continue }
      try Console.result(try MaskSettings(json: line, location: "standard input, line \(number)").json)
    }
  }

  private func settings() throws -> MaskSettings {
    guard let rate else { throw ValidationError("--rate: expected a rate in 0...1, got none; add --rate 0.5") }
    guard let units else { throw ValidationError("--units: expected the number of units, got none; add --units 16") }
    var settings = MaskSettings(rate: rate, units: units)
    settings.seed = common.seed
    settings.layer = layer ?? settings.layer
    settings.call = call ?? settings.call
    settings.domain = domain ?? settings.domain
    settings.step = step ?? settings.step
    settings.sample = sample ?? settings.sample
    settings.rows = rows ?? settings.rows
    if let text = settings.validationError { throw ValidationError("--" + text) }
    return settings
  }
}
