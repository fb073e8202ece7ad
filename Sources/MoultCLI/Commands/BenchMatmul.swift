import ArgumentParser
import Moult

/// `moult bench matmul`: the forward product of a linear layer.
struct BenchMatmul: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Times the product of a linear layer, by the share of inputs that are not zero.",
    discussion: """
      A layer from K to N features gets an input [M, K] of random numbers of which \
      a share, --density, is not zero. Effective GFLOP/s count 2 M N K operations, \
      as if no zero had been skipped.

        moult bench matmul --shape 128,1024,1024 --density 0.25
        moult bench matmul --shape 1,256,784 --density 1 --threads 1 --json
      """)

  @Option(
    help: ArgumentHelp("Samples, outputs and inputs: M,N,K.", valueName: "sizes"), transform: { try ProductShape($0) })
  var shape: ProductShape

  @Option(help: ArgumentHelp("Share of the inputs that are not zero, 0 to 1.", valueName: "share"))
  var density: Double

  @OptionGroup var measuring: MeasuringOptions

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    try expect((0...1).contains(density), "density", "a share in 0...1", got: density)
  }

  func run() throws {
    common.apply()
    let layer = Linear(shape.inputs, shape.outputs, bias: false)
    let size = [shape.samples, shape.inputs]
    let x = select(
      Tensor.randomUniform(size) .< Tensor(Float(density)), Tensor.randomNormal(size), Tensor.zeros(size))
    layer.eval()
    let timings = withGradients(false) { measuring.measure { _ in _ = layer(x) } }
    let gigaflops = shape.operations / timings.median / 1_000
    if common.json {
      return try Console.result(
        .bench(
          "matmul",
          [
            .init(key: "shape", value: .array([shape.samples, shape.outputs, shape.inputs].map { .integer($0) })),
            .init(key: "density", value: .number(density)),
          ], timings, [.init(key: "effective_gigaflops", value: .rounded(gigaflops))]))
    }
    try Console.result(
      "product \(shape), density \(density), \(timings.text), \(NumberFormat.fixed(gigaflops, 1)) effective GFLOP/s, "
        + "\(NumberFormat.grouped(timings.count)) runs, \(Kernels.instructionSet)")
  }
}

/// The sizes of a product, written like `128,1024,784`.
struct ProductShape: CustomStringConvertible {
  let samples, outputs, inputs: Int

  /// Numbers in each of the three matrices, 1 GiB.
  private static let elementLimit = 1 << 28

  init(_ text: String) throws {
    let limit = Self.elementLimit
    let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard sizes.count == 3, sizes.allSatisfy({ (1...limit).contains($0) }) else {
      throw ValidationError("expected three sizes of 1 to \(limit) like 128,1024,784, got '\(text.visible)'")
    }
    // The layer keeps its outputs in sixteens. Two factors of about 2^28 at most: no overflow.
    let largest = max(sizes[0] * sizes[1], sizes[0] * sizes[2], (sizes[1] + 15) / 16 * 16 * sizes[2])
    guard largest <= limit else {
      throw ValidationError("expected matrices of at most \(limit) numbers, got one of \(largest)")
    }
    (samples, outputs, inputs) = (sizes[0], sizes[1], sizes[2])
  }

  var description: String { "\(samples) x \(outputs) x \(inputs)" }

  /// Multiplications and additions.
  var operations: Double { 2 * Double(samples) * Double(outputs) * Double(inputs) }
}
