import ArgumentParser
import Moult

/// `moult train`: the main job.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network with dropout and leaves a run folder.",
    discussion: """
      DATA is what to learn:

        digits   a sample of MNIST, part of this program: the default
        mnist    all of MNIST, downloaded once and kept (see 'moult data')
        X.npz    arrays of NumPy: x_train, y_train, x_test, y_test, or x and y
        FOLDER   four IDX files as MNIST has them, .gz or not, or PNG and JPEG images in
                 a folder for each class, also below train and test

      Where there is no test part, a fifth of the samples is split off by --split-seed.

      The defaults are a recipe that works on digits: about 96 % right on the test images after 40 epochs.

        moult train
        moult train --dropout 0.2 --input-dropout 0.1 --epochs 10 --out runs/first
        moult train data.npz --epochs 20
        moult train photos --image-size 32x32
        moult train mnist --model 784-1024x3-10 --input-dropout 0.2 --max-norm 2
        moult train --optimizer adam --schedule constant --json --quiet | tail -1
        moult train --list-variants
        moult train --variant gaussian-dropout --dropout 0.3

      The run folder holds model.safetensors (the weights, which PyTorch and others read), config.json (all \
      settings) and metrics.jsonl (one line per epoch). The same seed and settings give the same weights, bit for \
      bit, for any number of threads. Ctrl-C finishes the step, saves and exits with 130.
      """)

  @OptionGroup var training: TrainingOptions

  @Flag(help: "List the variants and whether they apply to the network, and train nothing.")
  var listVariants = false

  @Option(
    help: ArgumentHelp("Where the run's files go. Default: runs/<date>-<time>-seed<seed>.", valueName: "folder"))
  var out: String?

  @Flag(help: "Write into --out even when it holds files of another run; they are replaced.")
  var force = false

  @Flag(help: "Show a full screen with curves while training, on a terminal.")
  var tui = false

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    try training.check(common)
  }

  private var hiddenSizes: ArraySlice<Int> {
    training.network.model?.hiddenSizes ?? NetworkOptions.defaultHiddenSizes[...]
  }

  private func printVariants() throws(MoultError) {
    var table = TextTable(header: ["variant", "rate", "where", "what"], rightAligned: [1])
    for variant in DropoutVariant.all {
      let (applies, why) = variant.applies(hiddenSizes: hiddenSizes)
      table.add([variant.name, applies ? "\(variant.defaultRate)" : "-", why, variant.summary])
      guard common.json else { continue }
      try Console.result(
        [
          "schema": 1, "event": "variant", "name": .string(variant.name), "applies": .bool(applies),
          "why": .string(why), "rate": .optional(applies ? variant.defaultRate : nil),
          "summary": .string(variant.summary), "source": .string(variant.source),
        ])
    }
    if !common.json { for line in table.lines { try Console.result(line) } }
  }

  func run() throws {
    common.apply()
    if listVariants { return try printVariants() }
    let given = try training.given(common)
    // A folder that will not do is said before the data are read or fetched.
    let folder =
      if let out, training.settings.isForReal { try RunFolder(path: out, overwriting: force) } else { RunFolder?.none }
    var job = try TrainingJob(given, common: common)
    job.tui = tui
    if training.settings.printConfig { return try Console.result(String(job.configuration.indented.dropLast())) }
    if training.settings.dryRun { return try job.dryRun() }
    try job.run(in: try folder ?? RunFolder.fresh(in: "runs", seed: job.settings.seed))
  }
}
