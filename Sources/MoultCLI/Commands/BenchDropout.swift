import ArgumentParser
import Moult

/// The command `moult bench dropout`: measures the dropout operation and a copy of the same tensor.
struct BenchDropout: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dropout",
    abstract: "Times dropout of a tensor beside a plain copy of it.",
    discussion: """
      The two take turns in one run, on as many threads, into memory that is \
      reused; the ratio is that of the medians.

        moult bench dropout --elements 1048576 --rate 0.5
        moult bench dropout --elements 12800 --row 100 --rate 0.25 --json
      """)

  @Option(help: ArgumentHelp("Numbers in the tensor, a multiple of the row.", valueName: "count"))
  var elements: Int

  @Option(help: ArgumentHelp("Probability of dropping, 0 to 1.", valueName: "rate"))
  var rate: Double

  @Option(help: ArgumentHelp("Numbers of one sample. Default: 1024, or all if there are fewer.", valueName: "count"))
  var row: Int?

  @OptionGroup var measuring: MeasuringOptions

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  /// The largest number of elements: the tensor, its copy and the result then take 3 GiB.
  private static let elementLimit = 1 << 28
  private static let usualRow = 1_024

  private var rowSize: Int { row ?? min(Self.usualRow, elements) }

  func validate() throws {
    try expect((1...Self.elementLimit).contains(elements), "elements", "1 to \(Self.elementLimit)", got: elements)
    try expect(
      (0...1).contains(rate), "rate", "a rate in 0...1", got: rate, hint: "it is the probability of dropping")
    try expect(rowSize >= 1, "row", "1 or more", got: rowSize)
    try expect(
      elements.isMultiple(of: rowSize), "elements", "a multiple of the row, \(rowSize)", got: elements,
      hint: "choose another --row")
  }

  func run() throws {
    common.apply()
    let x = Tensor.randomNormal([elements / rowSize, rowSize])
    let layer = Dropout(rate)
    layer.train()
    let (timings, copy) = measuring.measure({ layer(x).look() }, against: { _ = x.plainCopy() })
    let ratio = timings.median / copy.median
    let nanoseconds = timings.median * 1_000 / Double(elements)
    if common.json {
      return try Console.result(
        .bench(
          "dropout",
          [
            .init(key: "elements", value: .integer(elements)), .init(key: "row", value: .integer(rowSize)),
            .init(key: "rate", value: .number(rate)),
          ], timings,
          [
            .init(key: "copy_microseconds_median", value: .rounded(copy.median)),
            .init(key: "copy_microseconds_mean", value: .rounded(copy.mean)),
            .init(key: "copy_microseconds_min", value: .rounded(copy.fastest)),
            .init(key: "ratio", value: .rounded(ratio)),
            .init(key: "nanoseconds_per_element", value: .rounded(nanoseconds)),
          ]))
    }
    try Console.result(
      "dropout \(rate) of \(x.shape), \(timings.text), copy \(NumberFormat.fixed(copy.median, 1)) µs, "
        + "ratio \(NumberFormat.fixed(ratio, 2)), \(NumberFormat.significant(nanoseconds)) ns per element, "
        + "\(NumberFormat.grouped(timings.count)) runs, \(Kernels.instructionSet)")
  }
}

extension Tensor {
  /// Returns a copy of the tensor, made with the same number of threads as dropout uses.
  fileprivate func plainCopy() -> Tensor {
    let (width, rows) = (dtype.byteCount * shape[1], shape[0])
    return withContiguousBytes { source in
      Tensor(dtype: dtype, shape: shape) { target in
        parallelFor(rows, elements: shape[1]) { range in
          let part = range.lowerBound * width..<range.upperBound * width
          UnsafeMutableRawBufferPointer(rebasing: target[part])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[part]))
        }
      }
    }
  }
}
