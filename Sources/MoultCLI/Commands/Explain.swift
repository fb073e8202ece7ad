import ArgumentParser
import Moult
import MoultDigits
import MoultPlatform

/// The command `moult explain`: explains dropout in six chapters, with numbers that are computed at run time.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what dropout does, step by step, with the bundled digits.",
    discussion: """
      Six short chapters: the coin of a unit, training and evaluation side by side, why survivors are divided by \
      1 - rate, the gap with and without dropout, what units look for, and the uncertainty of many passes. \
      Every number is computed as you read, with networks trained for it.

        moult explain                        on a terminal, chapter by chapter
        moult explain --all                  everything at once, as a pipe gets it
        moult explain --chapter 4 --images 300
        moult explain --html explain.html    the same as a page for a browser
        moult explain --chapter 1 --json     the figures of a chapter
      """)

  @Option(help: ArgumentHelp("Print this chapter only, 1 to 6.", valueName: "number"))
  var chapter: Int?

  @Flag(help: "Print all chapters at once and ask nothing.")
  var all = false

  @Option(help: ArgumentHelp("Write all chapters as one page for a browser.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Digits that the networks learn from, 20 to 10000.", valueName: "count"))
  var images = ExplainSettings.defaultImages

  @Option(help: ArgumentHelp("Passes over them.", valueName: "count"))
  var epochs = ExplainSettings.defaultEpochs

  @Option(help: ArgumentHelp("The rate of the network with dropout.", valueName: "rate"))
  var dropout = ExplainSettings.defaultRate

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    if let chapter {
      let chapters = 1...Lesson.chapterCount
      try expect(chapters.contains(chapter), "chapter", "1 to \(chapters.upperBound)", got: chapter)
      try expect(!all, "chapter", "without --all", got: "both")
      try expect(html == nil, "chapter", "without --html, which writes all chapters", got: "both")
    }
    let (images, epochs) = (ExplainSettings.imageLimits, ExplainSettings.epochLimits)
    try expect(
      images.contains(self.images), "images", "\(images.lowerBound) to \(images.upperBound)", got: self.images)
    try expect(
      epochs.contains(self.epochs), "epochs", "\(epochs.lowerBound) to \(epochs.upperBound)", got: self.epochs)
    try expect(
      dropout > 0 && dropout < 1, "dropout", "a rate above 0 and below 1", got: dropout,
      hint: "the network without dropout is trained beside it")
  }

  func run() throws {
    common.apply()
    let digits = try BundledDigits.load()
    if let html { return try writePage(to: html, lesson(common.seed, digits)) }
    if isInteractive { return try walk(digits) }
    let lesson = lesson(common.seed, digits)
    let style = TextStyle(
      Terminal.detect(fileDescriptor: StandardStream.output.fileDescriptor, noColor: common.noColor))
    for number in chapter.map({ $0...$0 }) ?? 1...Lesson.chapterCount {
      let chapter = try lesson.chapter(number)
      if common.json {
        try Console.result(chapter.json(number: number, seed: common.seed))
        continue
      }
      if number > 1, self.chapter == nil { try Console.result("") }
      try Console.result(chapter.lines(number: number, seed: common.seed, style: style).joined(separator: "\n"))
    }
  }

  private func lesson(_ seed: UInt64, _ digits: DatasetPair) -> Lesson {
    let settings = ExplainSettings(seed: seed, images: images, epochs: epochs, rate: dropout)
    return Lesson(settings, digits: digits, waiting: common.message)
  }

  /// Whether the chapters are shown one by one, with keys to move between them.
  private var isInteractive: Bool {
    chapter == nil && !all && !common.json && !common.quiet && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
  }

  private func walk(_ digits: DatasetPair) throws {
    let terminal = Terminal.detect(fileDescriptor: StandardStream.output.fileDescriptor, noColor: common.noColor)
    var current = lesson(common.seed, digits)
    let walk = ChapterWalk(
      page: { number, seed in
        if current.settings.seed != seed { current = lesson(seed, digits) }
        return try current.chapter(number).lines(number: number, seed: seed, style: TextStyle(terminal))
      },
      read: { readLine() }, show: { try Console.part($0) }, clears: terminal.usesEscapes,
      count: Lesson.chapterCount)
    try walk.run(seed: common.seed)
  }

  private func writePage(to path: String, _ lesson: Lesson) throws {
    let bytes = Array(try ExplainPage(lesson).text.utf8)
    try AtomicFile.write(bytes, to: path)
    if common.json {
      return try Console.result(
        ["schema": 1, "event": "page", "path": .string(path), "bytes": .integer(bytes.count)])
    }
    try Console.result("wrote \(path), \(NumberFormat.grouped(bytes.count)) bytes; open it in a browser")
  }
}
