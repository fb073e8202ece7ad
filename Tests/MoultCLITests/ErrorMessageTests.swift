import Foundation
import MoultTestSupport
import Testing

/// What goes wrong gets a message that says where, what was expected, what came and what to do, and its exit code.
@Suite struct ErrorMessageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let message: String

    init(_ arguments: String, _ status: Int32, _ message: String) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.status = status
      self.message = message
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let modelHint = "; write sizes like 784-256x2-10"

  static let usage = [
    Case("frobnicate", 64, "Error: expected a verb, got 'frobnicate'; 'moult --help' shows all"),
    Case("train --model 784-25a-10", 64, "expected '-' or 'x' at position 7, got 'a-10'" + modelHint),
    Case("train --model 784--10", 64, "expected a size at position 5, got '-10'" + modelHint),
    Case("train --model 784-256x-10", 64, "expected a number of repeats at position 9, got '-10'" + modelHint),
    Case("train --model 784", 64, "expected '-' and an output size at position 4, got the end" + modelHint),
    Case("train --model 784-", 64, "expected a size at position 5, got the end" + modelHint),
    Case("train --model 0-10", 64, "expected a size of 1 to 1000000 at position 1, got '0-10'" + modelHint),
    Case("train --model 784-99999999999999999999-10", 64, "expected a size of 1 to 1000000 at position 5"),
    Case("train --model 784x2-10", 64, "expected '-' after the input size, which cannot repeat at position 4"),
    Case("train --model 784-10x2", 64, "expected one output size at the end, not 2 at position 5, got '10x2'"),
    Case("train --model 784-5x2000-10", 64, "expected a number of repeats of 1 to 1000 at position 7"),
    Case("train --model 784-5x999-10", 64, "expected at most 1000 sizes, with inputs and outputs at position 11"),
    Case("train --model 100-10", 64, "Error: --model 100-10: expected 784 inputs, as the data have, got 100"),
    Case("train --model 784-9", 64, "--model 784-9: expected at least 10 outputs, one per class of the data, got 9"),
    Case(
      "train --dropout 1.5", 64,
      "Error: --dropout: expected a rate in 0...1, got 1.5; it is the probability of dropping, 0 drops nothing"),
    Case("train --dropout nan", 64, "Error: --dropout: expected a rate in 0...1, got nan"),
    Case("train --input-dropout=-0.1", 64, "Error: --input-dropout: expected a rate in 0...1, got -0.1"),
    Case("train --epochs 0", 64, "Error: --epochs: expected 1 to 1000000, got 0"),
    Case("train --epochs many", 64, "The value 'many' is invalid for '--epochs <count>'"),
    Case("train --batch-size 0", 64, "Error: --batch-size: expected 1 or more, got 0"),
    Case("train --optimizer rmsprop", 64, "The value 'rmsprop' is invalid for '--optimizer <optimizer>'"),
    Case("train --learning-rate 0", 64, "Error: --learning-rate: expected a positive number, got 0.0"),
    Case("train --learning-rate inf", 64, "Error: --learning-rate: expected a positive number, got inf"),
    Case("train --momentum 1", 64, "Error: --momentum: expected 0 or more and less than 1, got 1.0"),
    Case(
      "train --optimizer adam --momentum 0.9", 64,
      "Error: --momentum: expected with --optimizer sgd only, got --optimizer adam"),
    Case("train --weight-decay=-1", 64, "Error: --weight-decay: expected 0 or more, got -1.0"),
    Case("train --max-norm 0", 64, "Error: --max-norm: expected a positive number, got 0.0"),
    Case("train --warm-up 40", 64, "Error: --warm-up: expected fewer than the 40 epochs of training, got 40.0"),
    Case("train --label-smoothing 1", 64, "Error: --label-smoothing: expected 0 or more and less than 1, got 1.0"),
    Case("train --schedule linear", 64, "The value 'linear' is invalid for '--schedule <schedule>'"),
    Case("explain --chapter 7", 64, "Error: --chapter: expected 1 to 6, got 7"),
    Case("explain --chapter 1 --all", 64, "Error: --chapter: expected without --all, got both"),
    Case(
      "explain --chapter 1 --html x", 64,
      "Error: --chapter: expected without --html, which writes all chapters, got both"),
    Case("explain --images 19", 64, "Error: --images: expected 20 to 10000, got 19"),
    Case("explain --epochs 0", 64, "Error: --epochs: expected 1 to 1000, got 0"),
    Case("explain --dropout 0", 64, "Error: --dropout: expected a rate above 0 and below 1, got 0.0"),
    Case("train --seed=-1", 64, "The value '-1' is invalid for '--seed <seed>'"),
    Case("train --threads 0", 64, "Error: --threads: expected 1 to 256, got 0"),
    Case("info --threads 257", 64, "Error: --threads: expected 1 to 256, got 257"),
    Case("train --model 784-1000000x2-10", 64, "Error: --model 784-1000000-1000000-10: expected at most "),
    Case("bench step --batch-size 100000000", 64, "Error: --batch-size 100000000: expected at most "),
    Case("train --out=", 64, "Error: Missing value for '--out <folder>'"),
    Case("mask --units 4", 64, "Error: --rate: expected a rate in 0...1, got none; add --rate 0.5"),
    Case("mask --rate 0.5", 64, "Error: --units: expected the number of units, got none; add --units 16"),
    Case("mask --rate 2 --units 4", 64, "Error: --rate: expected a rate in 0...1, got 2.0"),
    Case("mask --rate 0.5 --units 0", 64, "Error: --units: expected 1 to 268435456, got 0"),
    Case(
      "mask --rate 0.5 --units 134217728 --rows 3", 64,
      "Error: --rows: expected at most 268435456 units in all rows, got 3 rows of 134217728; ask for them in parts"),
    Case("mask --batch --rows 3", 64, "Error: --rows: expected without --batch, whose settings come from its lines"),
    Case("mask --batch --domain user", 64, "Error: --domain: expected without --batch"),
    Case("mask --batch --seed 1", 64, "Error: --seed: expected without --batch"),
    Case("mask --rate 0.5 --units 4 --rows 0", 64, "Error: --rows: expected 1 to 4294967295, got 0"),
    Case(
      "mask --rate 0.5 --units 4 --layer 4294967296", 64, "Error: --layer: expected 0 to 4294967295, got 4294967296"),
    Case("mask --rate 0.5 --units 4 --step=-1", 64, "Error: --step: expected 0 to 4294967295, got -1"),
    Case(
      "mask --rate 0.5 --units 4 --sample 4294967295 --rows 2", 64,
      "Error: --rows: expected samples up to 4294967295, got a last sample of 4294967296"),
    Case("mask --rate 0.5 --units 4 --domain 6", 64, "The value '6' is invalid for '--domain <domain>'"),
    Case("inspect", 64, "Error: Missing expected argument '<file>'"),
    Case("data digits --index 10000", 64, "Error: --index: expected 0 to 9999, got 10000"),
    Case("data download cifar", 64, "The value 'cifar' is invalid for '<name>'"),
    Case("bench step --batch-size 0", 64, "Error: --batch-size: expected 1 or more, got 0"),
    Case("bench step --repetitions 1", 64, "Error: --repetitions: expected 5 to 10000000, got 1"),
    Case("bench step --inputs mnist --model 10-10", 64, "--model 10-10: expected 784 inputs, as the data have, got 10"),
  ]

  static let world = [
    Case(
      "train nosuch", 66,
      "Error: expected digits (bundled), mnist (downloaded once), a table (CSV), a .npz file, or a folder of IDX files or "
        + "of images by class, got 'nosuch'; is the path right? (No such file or directory)"),
    Case("train --resume nosuch", 66, "Error: nosuch: expected a folder that can be read; is the path right?"),
    Case("inspect nosuch.safetensors", 66, "Error: nosuch.safetensors: expected a file that can be read"),
    Case("inspect /", 66, "Error: //model.safetensors: expected a file that can be read"),
    Case("train --out /proc/nosuch/run", 74, "Error: /proc/nosuch/run: "),
  ]

  @Test(arguments: usage + world) func isExplained(_ example: Case) throws {
    let result = try Tool.withFolder { try Tool.run(example.arguments, folder: $0) }
    expectEqual(result.status, example.status)
    expectTrue(result.error.contains(example.message), "\(result.error)")
    expectTrue(result.output.isEmpty)
  }

  @Test func aUsageErrorPointsToTheHelp() throws {
    let error = try Tool.run(["train", "--epochs", "0"]).error
    expectTrue(error.contains("See 'moult train --help' for more information."))
  }

  @Test func aTableWithoutATargetIsToldItsColumns() throws {
    try Tool.withFolder { folder in
      try "a,b\n".write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let result = try Tool.run(["train", "x.csv"], folder: folder)
      expectEqual(result.status, 64)
      expectEqual(
        result.error,
        "Error: x.csv: --target: expected the column of the table to predict, got none; the table has a, b\n")
    }
  }

  @Test func anEmptyFolderAsDataIsNoInput() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["train", folder])
      expectEqual(result.status, 66)
      expectTrue(result.error.contains("expected four IDX files (train-images-idx3-ubyte and the like, also as .gz)"))
    }
  }

  @Test func aDamagedIDXFileIsBadData() throws {
    try Tool.withFolder { folder in
      for name in [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
      ] {
        try Data([0, 0, 8, 3, 0, 0]).write(to: URL(fileURLWithPath: folder + "/" + name))
      }
      let result = try Tool.run(["train", folder])
      expectEqual(result.status, 65)
      expectTrue(result.error.contains("IDX: expected 3 sizes in 12 bytes, got 2 bytes"))
    }
  }

  @Test func aDamagedModelFileIsBadData() throws {
    try Tool.withFolder { folder in
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "/m.safetensors"))
      let result = try Tool.run(["inspect", "m.safetensors"], folder: folder)
      expectEqual(result.status, 65)
      expectEqual(
        result.error,
        "Error: m.safetensors: safetensors: expected at least 8 bytes, got 3; the file is empty or cut short\n")
    }
  }

  @Test func aResultThatCannotBeWrittenIsAnError() throws {
    guard let full = FileHandle(forWritingAtPath: "/dev/full") else { return }  // macOS has no such device
    let process = try Tool.process(["mask", "--rate", "0.5", "--units", "4"])
    let error = Pipe()
    process.standardOutput = full
    process.standardError = error
    try process.run()
    let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    expectEqual(Tool.status(process), 74)
    expectEqual(
      text,
      "Error: cannot write to standard output, the result is cut short; make room, or write elsewhere "
        + "(No space left on device)\n"
    )
  }

  @Test func aCacheThatIsAFileIsAnErrorBeforeAnythingIsFetched() throws {
    try Tool.withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/cache"))
      let result = try Tool.run(["data", "download", "mnist"], environment: ["MOULT_CACHE": folder + "/cache"])
      expectEqual(result.status, 74)
      expectTrue(result.error.contains("expected a folder that can be made"))
    }
  }

  @Test(arguments: [
    ("MOULT_THREADS", "abc", "expected 1 to 256, got 'abc'"), ("MOULT_THREADS", "0", "expected 1 to 256, got '0'"),
    ("MOULT_THREADS", "257", "expected 1 to 256, got '257'"),
    ("MOULT_ISA", "avx3", "expected portable, avx2 or avx512, got 'avx3'"),
  ])
  func aVariableWithoutSenseIsNamed(name: String, value: String, message: String) throws {
    let result = try Tool.run(["info"], environment: [name: value])
    expectEqual(result.status, 64)
    expectTrue(result.error.contains("Error: \(name): \(message)"), "\(result.error)")
    expectTrue(result.output.isEmpty)
  }

  @Test(arguments: [["MOULT_THREADS": "", "MOULT_ISA": ""], ["MOULT_THREADS": "2", "MOULT_ISA": "portable"]])
  func aVariableThatIsEmptyOrRightIsTaken(environment: [String: String]) throws {
    try expectEqual(Tool.run(["info"], environment: environment).status, 0)
  }
}
