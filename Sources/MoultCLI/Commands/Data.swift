import ArgumentParser
import Moult
import MoultDigits

/// The command `moult data`: lists, shows and downloads the data sets that `train` knows by name.
struct DataVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Lists, shows and downloads data sets.",
    discussion: """
        moult data                     what there is, and where
        moult data digits --index 7    how many of each class, and one drawn
        moult data download mnist      fetch all of MNIST now

      Downloads are checked (SHA-256), go on where they broke off, and are kept in MOULT_CACHE, else \
      XDG_CACHE_HOME/moult, else ~/.cache/moult.
      """,
    subcommands: [DataList.self, DataDigits.self, DataDownload.self],
    defaultSubcommand: DataList.self
  )
}

/// The command `moult data list`: lists the data sets.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the data sets.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    // Without a cache folder, the bundled digits are still listed.
    let cache = try? MNISTCache.folder()
    let isCached = cache.map { MNISTCache.isComplete($0) } ?? false
    if common.json {
      try Console.result(
        [
          "schema": 1, "event": "dataset", "name": "digits", "train": 10_000, "test": 10_000, "available": true,
          "path": .null,
        ])
      return try Console.result(
        [
          "schema": 1, "event": "dataset", "name": "mnist", "train": .integer(MNISTCache.trainCount),
          "test": .integer(MNISTCache.testCount), "available": .bool(isCached),
          "path": cache.map { .string($0) } ?? .null,
        ])
    }
    var table = TextTable(header: ["name", "training", "test", "where"], rightAligned: [1, 2])
    table.add(["digits", "10,000", "10,000", "part of this program: a sample of MNIST"])
    table.add([
      "mnist", "60,000", "10,000",
      cache.map { isCached ? $0 : "\($0) (not there yet: moult data download mnist)" }
        ?? "nowhere: set MOULT_CACHE to a folder",
    ])
    for line in table.lines { try Console.result(line) }
  }
}

/// The command `moult data digits`: shows class counts and one image of the bundled digits.
struct DataDigits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digits", abstract: "Shows the bundled digits: counts per class and a picture.")

  @Option(help: ArgumentHelp("Which training image to draw, from 0.", valueName: "number"))
  var index = 0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    try expect(index >= 0, "index", "0 or more", got: index)
  }

  func run() throws {
    common.apply()
    let data = try BundledDigits.load()
    guard index < data.train.count else {
      throw MoultError(.usage, "--index: expected 0 to \(data.train.count - 1), got \(index); choose one of these")
    }
    let sample = data.train.batch(at: [index])
    let label = sample.labels.item(as: Int32.self)
    let (train, test) = (Self.counts(data.train), Self.counts(data.test))
    if common.json {
      return try Console.result(
        [
          "schema": 1, "event": "dataset", "name": "digits", "train": .integer(data.train.count),
          "test": .integer(data.test.count), "train_counts": .array(train.map { .integer($0) }),
          "test_counts": .array(test.map { .integer($0) }), "index": .integer(index), "label": .integer(Int(label)),
          "pixels": .array(Self.bytes(sample.inputs).map { .integer($0) }),
        ])
    }
    var table = TextTable(header: ["digit", "training", "test"], rightAligned: [0, 1, 2])
    for digit in train.indices {
      table.add([String(digit), NumberFormat.grouped(train[digit]), NumberFormat.grouped(test[digit])])
    }
    table.add(["all", NumberFormat.grouped(data.train.count), NumberFormat.grouped(data.test.count)])
    for line in table.lines { try Console.result(line) }
    try Console.result("\nTraining image \(index), a \(label):\n")
    for line in Self.picture(sample.inputs) { try Console.result(line) }
  }

  private static func counts(_ data: TensorDataset) -> [Int] {
    var counts = [Int](repeating: 0, count: BundledDigits.classCount)
    for label in data.labels.scalars(as: Int64.self) where counts.indices.contains(Int(label)) {
      counts[Int(label)] += 1
    }
    return counts
  }

  /// Returns the pixels as bytes, 0 to 255.
  private static func bytes(_ image: Tensor) -> [Int] {
    image.scalars(as: Double.self).map { Int(($0 * 255).rounded()) }
  }

  /// The characters for pixel values from 0 to 1.
  private static let shades: [Character] = Array(" .:-=+*#%@")

  /// Returns the image as lines of characters, two per pixel to make it square.
  private static func picture(_ image: Tensor) -> [String] {
    let pixels = image.scalars(as: Double.self)
    let darkest = max(pixels.max() ?? 1, 1e-9)
    return stride(from: 0, to: pixels.count, by: BundledDigits.side).map { start in
      var line = ""
      for pixel in pixels[start..<min(start + BundledDigits.side, pixels.count)] {
        let shade = shades[min(shades.count - 1, Int(pixel / darkest * Double(shades.count)))]
        line += String(repeating: shade, count: 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

/// The command `moult data download`: downloads a data set into the cache.
struct DataDownload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "download", abstract: "Downloads a data set into the cache, or checks the one that is there.")

  /// The data sets that can be downloaded.
  enum Name: String, ExpressibleByArgument, CaseIterable {
    case mnist
  }

  @Argument(help: "The data set: mnist.")
  var name: Name

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let data = try MNISTCache.load(common: common)
    if common.json {
      return try Console.result(
        [
          "schema": 1, "event": "downloaded", "name": .string(name.rawValue), "train": .integer(data.train.count),
          "test": .integer(data.test.count), "path": .string(try MNISTCache.folder()),
        ])
    }
    try Console.result(
      "\(name.rawValue): \(NumberFormat.grouped(data.train.count)) training and "
        + "\(NumberFormat.grouped(data.test.count)) test samples in \(try MNISTCache.folder())")
  }
}
