import ArgumentParser
import Moult

/// The command `moult train`: trains a network with dropout and writes a run folder.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network with dropout and leaves a run folder.",
    discussion: """
      DATA is what to learn:

        digits   a sample of MNIST, part of this program: the default
        mnist    all of MNIST, downloaded once and kept (see 'moult data')
        X.csv    a table, whose column --target is to be predicted; also as .csv.gz
        X.npz    arrays of NumPy: x_train, y_train, x_test, y_test, or x and y
        FOLDER   four IDX files as MNIST has them, .gz or not, or PNG and JPEG
                 images in a folder for each class, also below train and test

      Where there is no test part, a fifth of the samples is split off by --split-seed; of a table --test-share says \
      how much.

      The defaults are a recipe that works on digits: about 96 % right on the test images after 40 epochs.

        moult train
        moult train --dropout 0.2 --input-dropout 0.1 --epochs 10 --out runs/first
        moult train houses.csv --target price --out runs/houses
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
    help: ArgumentHelp("Where the run's files go. Default: runs/<date>-<time>-seed<seed>.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Flag(help: "Write into --out even when it holds files of another run; they are replaced.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Go on with a run that was interrupted, to the same weights as if it had not been. --time-limit, --keep-every and "
        + "--no-report are to be given again.", valueName: "folder"),
    completion: .directory)
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Stop after the step in which so many seconds are up; --resume goes on from there.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(
    help: ArgumentHelp("Also keep the model of every so many epochs, as model-0010.safetensors.", valueName: "epochs"))
  var keepEvery: Int?

  @Flag(inversion: .prefixedNo, help: "Write report.html and its charts.")
  var report = true

  @Flag(help: "Try learning rates from small to large, print what the loss did and a suggestion, and train nothing.")
  var findLearningRate = false

  @Flag(help: "Show a full screen with curves while training, on a terminal.")
  var tui = false

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    try training.check(common)
    if let timeLimit {
      try expect(
        timeLimit > 0 && timeLimit <= TimeLimit.greatestSeconds, "time-limit",
        "a positive number of seconds, at most 1e9", got: timeLimit)
    }
    if let keepEvery { try expect((1...1_000_000).contains(keepEvery), "keep-every", "1 to 1000000", got: keepEvery) }
    if findLearningRate, !training.settings.trains {
      throw ValidationError("--find-learning-rate: expected without --print-config and --dry-run")
    }
    if resume != nil {
      if let option = training.firstOption(common) ?? (out != nil ? "--out" : force ? "--force" : nil) {
        throw ValidationError(
          "\(option): expected without --resume, which goes on with the settings of its run; train anew with --config to change "
            + "them")
      }
      if !training.settings.trains || findLearningRate {
        throw ValidationError("--resume: expected without --print-config, --dry-run and --find-learning-rate")
      }
    }
  }

  private var hiddenSizes: ArraySlice<Int> {
    training.network.model?.hiddenSizes ?? LayerSizes.articleHiddenSizes[...]
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
    if let resume { return try goOn(with: RunFolder(existing: resume)) }
    let overrides = try training.overrides(common)
    // The folder is checked before the data are read or downloaded.
    let trains = training.settings.trains && !findLearningRate
    let folder = if let out, trains { try RunFolder(path: out, overwriting: force) } else { RunFolder?.none }
    let job = configured(try TrainingJob(overrides, common: common))
    if training.settings.printConfig { return try Console.result(String(job.configuration.indented.dropLast())) }
    if training.settings.dryRun { return try job.dryRun() }
    if findLearningRate { return try job.findLearningRate() }
    try job.run(in: try folder ?? RunFolder.fresh(in: "runs", seed: job.seed), overwriting: force)
  }

  private func configured(_ job: TrainingJob) -> TrainingJob {
    var job = job
    (job.tui, job.timeLimit, job.keptEvery, job.writesReport) = (tui, timeLimit, keepEvery, report)
    return job
  }

  private func goOn(with folder: RunFolder) throws {
    // Two processes that resume the same run would write the same files.
    let lock = try folder.lock()
    let (job, state) = try TrainingJob.resumed(from: folder, common: common)
    guard let state else {
      return common.message("\(folder.path): the run is finished, there is nothing to go on with")
    }
    lock.release()
    common.message(
      "goes on after epoch \(state.completedEpochs) and step \(state.completedSteps) of \(folder.path)")
    try configured(job).run(in: folder, from: state, overwriting: true)
  }
}
