import ArgumentParser
import Moult

/// The command `moult bench matmul`: measures one of the products of a linear layer.
struct BenchMatmul: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matmul",
    abstract: "Times a product of a linear layer, by the fraction of numbers that are not zero.",
    discussion: """
      A layer from K to N features gets an input [M, K] of random numbers, and \
      backward a gradient [M, N]; of both a fraction, --density, is not zero. Effective \
      GFLOP/s count 2 M N K operations, as if no zero had been skipped. The gradients \
      are timed inside a backward pass, that by the weights without an update.

      --through matmul times the general product of tensors instead, which skips \
      nothing.

        moult bench matmul --shape 128,1024,1024 --density 0.25
        moult bench matmul --shape 128,1024,1024 --density 1 --product weight-gradient
        moult bench matmul --shape 1,256,784 --density 1 --threads 1 --json
      """)

  @Option(
    help: ArgumentHelp("Samples, outputs and inputs: M,N,K.", valueName: "sizes"), transform: { try ProductShape($0) })
  var shape: ProductShape

  @Option(help: ArgumentHelp("Fraction of the numbers that are not zero, 0 to 1.", valueName: "fraction"))
  var density: Double

  @Option(help: "Which of the three products of training.")
  var product = ProductKind.forward

  @Option(help: "What computes it: a layer, or the general product of tensors.")
  var through = ProductPath.linear

  @OptionGroup var measuring: MeasuringOptions

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    try expect((0...1).contains(density), "density", "a fraction in 0...1", got: density)
  }

  func run() throws {
    common.apply()
    let x = numbers([shape.samples, shape.inputs])
    let gradient = product == .forward ? nil : numbers([shape.samples, shape.outputs])
    let timings =
      switch through {
      case .linear: timeLayer(x, gradient)
      case .matmul: timeTensors(x, gradient)
      }
    let gigaflops = shape.operations / timings.median / 1_000
    if common.json {
      return try Console.result(
        .bench(
          "matmul",
          [
            .init(key: "shape", value: .array([shape.samples, shape.outputs, shape.inputs].map { .integer($0) })),
            .init(key: "density", value: .number(density)),
            .init(key: "product", value: .string(product.rawValue)),
            .init(key: "through", value: .string(through.rawValue)),
          ], timings, [.init(key: "effective_gigaflops", value: .rounded(gigaflops))]))
    }
    try Console.result(
      "product \(shape), \(product.rawValue) through \(through.rawValue), density \(density), \(timings.text), \(NumberFormat.fixed(gigaflops, 1)) effective GFLOP/s, "
        + "\(NumberFormat.grouped(timings.count)) runs, \(Kernels.instructionSet)")
  }

  /// Returns random numbers, of which the fraction 1 - density is replaced by zeros.
  private func numbers(_ size: [Int]) -> Tensor {
    select(Tensor.randomUniform(size) .< Tensor(Float(density)), Tensor.randomNormal(size), Tensor.zeros(size))
  }

  private func timeLayer(_ x: Tensor, _ gradient: Tensor?) -> Timings {
    let layer = Linear(shape.inputs, shape.outputs, bias: false)
    guard let gradient else {
      return withGradients(false) { measuring.measure { _ in layer(x).look() } }
    }
    let recorder = ProductRecorder()
    let stage = product == .inputGradient ? ProductRecorder.Stage.inputGradient : .weightGradient
    return measuring.measure {
      recorder.recording {
        layer(x.requiringGradient()).backward(gradient: gradient)
        _ = layer.weight.gradient
      }
      layer.weight.clearGradient()
      return recorder.take().reduce(0) { $0 + ($1.stage == stage ? $1.duration / .microseconds(1) : 0) }
    }
  }

  private func timeTensors(_ x: Tensor, _ gradient: Tensor?) -> Timings {
    let weight = Tensor.randomNormal([shape.outputs, shape.inputs])
    func time(_ a: Tensor, _ b: Tensor) -> Timings { measuring.measure { _ in matmul(a, b).look() } }
    guard let gradient else { return time(x, weight.transposed()) }
    return product == .inputGradient ? time(gradient, weight) : time(gradient.transposed(), x)
  }
}

/// The sizes of a product, written like `128,1024,784`: samples, outputs, inputs.
struct ProductShape: CustomStringConvertible {
  let samples, outputs, inputs: Int

  /// The largest number of elements in each of the three matrices, 1 GiB.
  private static let elementLimit = 1 << 28

  init(_ text: String) throws {
    let limit = Self.elementLimit
    let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard sizes.count == 3, sizes.allSatisfy({ (1...limit).contains($0) }) else {
      throw ValidationError("expected three sizes of 1 to \(limit) like 128,1024,784, got '\(text.visible)'")
    }
    // The layer pads its outputs to a multiple of 16. The sizes are at most 2^28, so the products do not overflow.
    let largest = max(sizes[0] * sizes[1], sizes[0] * sizes[2], (sizes[1] + 15) / 16 * 16 * sizes[2])
    guard largest <= limit else {
      throw ValidationError("expected matrices of at most \(limit) numbers, got one of \(largest)")
    }
    (samples, outputs, inputs) = (sizes[0], sizes[1], sizes[2])
  }

  var description: String { "\(samples) x \(outputs) x \(inputs)" }

  /// The number of multiplications and additions.
  var operations: Double { 2 * Double(samples) * Double(outputs) * Double(inputs) }
}
