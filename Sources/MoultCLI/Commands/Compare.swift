import ArgumentParser
import Moult
import MoultPlatform

/// The command `moult compare`: trains with and without dropout, and reports whether dropout lowers the test error.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains with and without dropout, and says whether it helped.",
    discussion: """
      Takes what 'moult train' takes, and trains each way as often as --repeats says, \
      with the seeds seed, seed + 1, ...: each is the run that 'moult train' makes with \
      that --seed, and of data that are split by seed with the first one as --split-seed. The samples held out are the same for all; of several rates or \
      variants a tenth of the training samples is held out where the data have no \
      validation part, since the test part must not choose.

        moult compare
        moult compare --rates 0,0.2,0.5 --repeats 3 --epochs 10
        moult compare --variants dropout,gaussian-noise --epochs 10
        moult compare digits --model 784-64-10 --dropout 0.2 --out runs/compared

      The difference is taken seed by seed on the same test samples; its interval \
      holds chance of both, of seeds and of test samples. Of several rates or variants \
      the one with the least validation loss is evaluated; the others are shown. \
      One that diverges is left out, and the others go on. The folder holds compare.json, \
      report.html and a run folder for each training.
      """)

  @OptionGroup var training: TrainingOptions

  @Option(
    help: ArgumentHelp("Rates of dropout to compare, such as 0,0.2,0.5; 0 is without.", valueName: "rates"),
    transform: { try Compare.rates($0) })
  var rates: [Double]?

  @Option(
    help: ArgumentHelp(
      "Variants to compare with training without dropout, such as dropout,concrete.", valueName: "names"),
    completion: .list(DropoutVariant.all.map(\.name)),
    transform: { try $0.split(separator: ",").map { try DropoutVariant.option(String($0)) } })
  var variants: [DropoutVariant]?

  @Option(help: ArgumentHelp("How often each way is trained, with another seed each time.", valueName: "count"))
  var repeats = 5

  @Option(
    help: ArgumentHelp("Where the files go. Default: runs/<date>-<time>-compare.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Flag(help: "Write into --out even when it holds files already; those of the same name are replaced.")
  var force = false

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  private static func rates(_ text: String) throws -> [Double] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let rates = parts.compactMap { Double($0) }
    guard rates.count == parts.count, rates.allSatisfy(DropoutRate.isValid) else {
      throw ValidationError("expected rates in 0...1 such as 0,0.2,0.5, got '\(text.visible)'")
    }
    guard Set(rates).count == rates.count else {
      throw ValidationError("expected each rate once, got '\(text.visible)'")
    }
    return rates
  }

  func validate() throws {
    try training.check(common)
    try expect((1...1_000).contains(repeats), "repeats", "1 to 1000", got: repeats)
    if rates != nil, variants != nil {
      throw ValidationError("--variants: expected without --rates; compare one or the other")
    }
    if let variants, Set(variants.map(\.name)).count < variants.count || variants.isEmpty {
      throw ValidationError("--variants: expected names, each once")
    }
    if let rates {
      try expect(rates.count > 1, "rates", "two rates or more, such as 0,0.5", got: rates.count)
      if !rates.contains(0) {
        throw ValidationError("--rates: expected 0 among them, which the others are held against; add 0")
      }
    }
    if rates != nil || variants != nil, training.network.dropout != nil {
      throw ValidationError("--dropout: expected without --rates and --variants, which say the rate themselves")
    }
    if variants != nil, training.variant != nil {
      throw ValidationError("--variant: expected without --variants")
    }
    if training.settings.printConfig || training.settings.dryRun {
      throw ValidationError("--print-config, --dry-run: expected with 'moult train' only")
    }
  }

  func run() throws {
    common.apply()
    signal(SIGPIPE, SIG_IGN)
    var overrides = try training.overrides(common)
    let arms: [ComparisonArm]
    if let rates {
      arms = rates.map { .rate($0, overrides) }
    } else if let variants {
      arms = [.without(overrides)] + variants.map { .variant($0, overrides) }
    } else {
      arms = [.without(overrides), .with(overrides)]
    }
    // The best of several arms must not be chosen by the test part, so a validation part is needed.
    if arms.count > 2, overrides.table.target == nil {
      if overrides.settings.validationFraction == nil { overrides.settings.validationFraction = 0.1 }
      try expect(
        overrides.settings.validationFraction != 0, "validation-share",
        "more than 0 where one of several ways is chosen", got: 0)
    }
    let folder =
      if let out { try RunFolder(path: out, overwriting: force) } else {
        try RunFolder.fresh(in: "runs", named: "compare")
      }
    let comparison = try Comparison(arms: arms, shared: overrides, repeats: repeats, common: common)
    let summary = try comparison.run(in: folder, overwriting: force)
    try report(summary, folder: folder)
  }

  private func report(_ summary: ComparisonSummary, folder: RunFolder) throws {
    if common.json { return try Console.report(summary.json(out: folder.path)) }
    var table = TextTable(header: ComparisonSummary.header, rightAligned: [1, 2, 3, 4])
    for arm in summary.arms { table.add(summary.cells(arm)) }
    try Console.report(
      "\(summary.metricName), mean ± standard deviation over \(repeats) seed\(repeats == 1 ? "" : "s")")
    for line in table.lines { try Console.report(line) }
    try Console.report(summary.verdict)
    if let sentence = summary.gapSentence { try Console.report(sentence) }
    try Console.report("saved in \(folder.path)")
  }
}
