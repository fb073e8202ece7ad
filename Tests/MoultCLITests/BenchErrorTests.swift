import Foundation
import Moult
import MoultTestSupport
import Testing

/// What `bench` refuses, and in what words.
@Suite struct BenchErrorTests {
  private static let rateHint = "; it is the probability of dropping"
  private static let sizes = "expected three sizes of 1 to 268435456 like 128,1024,784, got"

  @Test(arguments: [
    ("dropout --elements 0 --rate 0.5", "Error: --elements: expected 1 to 268435456, got 0"),
    ("dropout --elements 268435457 --rate 0.5", "Error: --elements: expected 1 to 268435456, got 268435457"),
    ("dropout --elements 64 --rate nan", "Error: --rate: expected a rate in 0...1, got nan" + rateHint),
    ("dropout --elements 64 --rate 1.5", "Error: --rate: expected a rate in 0...1, got 1.5" + rateHint),
    ("dropout --elements 64 --rate 0.5 --row 0", "Error: --row: expected 1 or more, got 0"),
    (
      "dropout --elements 1500 --rate 0.5",
      "Error: --elements: expected a multiple of the row, 1024, got 1500; choose another --row"
    ),
    ("dropout --rate 0.5", "Error: Missing expected argument '--elements <count>'"),
    ("matmul --shape 1,2 --density 1", sizes + " '1,2'"), ("matmul --shape 1,2,0 --density 1", sizes + " '1,2,0'"),
    ("matmul --shape 1,2,x --density 1", sizes + " '1,2,x'"),
    (
      "matmul --shape 1,65536,65536 --density 1",
      "expected matrices of at most 268435456 numbers, got one of 4294967296"
    ),
    ("matmul --shape 1,2,3 --density 1.5", "Error: --density: expected a fraction in 0...1, got 1.5"),
    ("matmul --shape 1,2,3 --density nan", "Error: --density: expected a fraction in 0...1, got nan"),
    ("predict --batch-size 0", "Error: --batch-size: expected 1 or more, got 0"),
    ("predict --batch-size 100000000", "Error: --batch-size 100000000: expected at most "),
    ("predict --model 784", "expected '-' and an output size at position 4, got the end"),
    ("predict --repetitions 4", "Error: --repetitions: expected 5 to 10000000, got 4"),
    ("step --inputs mnist --batch-size 10001", "Error: --batch-size: expected at most the 10000 digits, got 10001"),
  ])
  func aRequestWithoutSenseIsAUsageError(arguments: String, message: String) throws {
    let result = try Tool.run(["bench"] + arguments.split(separator: " ").map(String.init))
    expectEqual(result.status, 64)
    expectTrue(result.error.contains(message), "\(result.error)")
    expectTrue(result.output.isEmpty)
  }

  @Test func aFileThatIsNotThereIsNamed() throws {
    let result = try Tool.run(["bench", "step", "--inputs", "normol"])
    expectEqual(result.status, 66)
    expectEqual(
      result.error,
      "Error: --inputs: expected normal, mnist or a safetensors file, got 'normol' "
        + "(No such file or directory)\n")
  }

  @Test func aFolderIsNoFile() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["bench", "step", "--inputs", folder])
      expectEqual(result.status, 66)
      expectTrue(result.error.contains("got '\(folder)' (expected a regular file, got a folder)"), "\(result.error)")
    }
  }

  @Test func aFileOfSomethingElseIsBadData() throws {
    try Tool.withFolder { folder in
      try Data("abc".utf8).write(to: URL(fileURLWithPath: folder + "/x"))
      let result = try Tool.run(["bench", "step", "--inputs", folder + "/x"])
      expectEqual(result.status, 65)
      expectTrue(result.error.contains("safetensors: expected at least 8 bytes, got 3"), "\(result.error)")
    }
  }

  /// Tensors of a file, more options, the exit code and the message.
  struct Case: Sendable, CustomTestStringConvertible {
    let tensors: [String: Tensor]
    var options: [String] = []
    var status: Int32 = 65
    let message: String

    var testDescription: String { message }
  }

  private static let inputs = Tensor.zeros([2, 3, 4])
  private static let labels = Tensor.zeros([2, 3], dtype: .int64)
  private static let inputsWanted =
    "tensor \"inputs\": expected float32 [batches, samples, inputs], at least one of each, got "
  private static let labelsWanted =
    "tensor \"labels\": expected integers [2, 3], one for each sample of \"inputs\", got "

  @Test(arguments: [
    Case(tensors: ["labels": labels], message: inputsWanted + "none"),
    Case(tensors: ["inputs": .zeros([6, 4]), "labels": labels], message: inputsWanted + "float32 [6, 4]"),
    Case(tensors: ["inputs": .zeros([2, 0, 4]), "labels": labels], message: inputsWanted + "float32 [2, 0, 4]"),
    Case(
      tensors: ["inputs": .zeros([2, 3, 4], dtype: .float64), "labels": labels],
      message: inputsWanted + "float64 [2, 3, 4]"),
    Case(tensors: ["inputs": inputs], message: labelsWanted + "none"),
    Case(tensors: ["inputs": inputs, "labels": .zeros([2, 3])], message: labelsWanted + "float32 [2, 3]"),
    Case(
      tensors: ["inputs": inputs, "labels": .zeros([6], dtype: .int64)], message: labelsWanted + "int64 [6]"),
    Case(
      tensors: ["inputs": inputs, "labels": .full([2, 3], -1, dtype: .int64)],
      message: "tensor \"labels\": expected classes from 0 to 999999, got -1"),
    Case(
      tensors: ["inputs": inputs, "labels": .full([2, 3], 1e12, dtype: .int64)],
      message: "tensor \"labels\": expected classes from 0 to 999999, got 1000000000000"),
    Case(
      tensors: ["inputs": inputs, "labels": labels], options: ["--model", "5-2"], status: 64,
      message: "--model 5-2: expected 4 inputs, as the data have, got 5"),
    Case(
      tensors: ["inputs": inputs, "labels": .full([2, 3], 2, dtype: .int64)], options: ["--model", "4-2"], status: 64,
      message: "--model 4-2: expected at least 3 outputs, one per class of the data, got 2"),
    Case(
      tensors: ["inputs": inputs, "labels": labels], options: ["--batch-size", "4"], status: 64,
      message: "--batch-size: expected 3, as the file holds, got 4; leave it out"),
  ])
  func aFileThatDoesNotFitSaysWhy(example: Case) throws {
    try Tool.withFolder { folder in
      try SafeTensors.write(example.tensors, to: folder + "/x.safetensors")
      let result = try Tool.run(["bench", "step", "--inputs", folder + "/x.safetensors"] + example.options)
      expectEqual(result.status, example.status)
      expectTrue(result.error.contains(example.message), "\(result.error)")
      expectTrue(result.output.isEmpty)
    }
  }
}
