import ArgumentParser
import Moult

/// The value of `--inputs`: the source of a benchmark's inputs.
enum BenchInputs: ExpressibleByArgument, CustomStringConvertible {
  case normal, mnist
  case file(String)

  init(argument: String) {
    switch argument {
    case "normal": self = .normal
    case "mnist": self = .mnist
    default: self = .file(argument)
    }
  }

  var description: String {
    switch self {
    case .normal: "normal"
    case .mnist: "mnist"
    case .file(let path): path
    }
  }

  var defaultValueDescription: String { description }
}

/// The batches that a benchmark repeats in a cycle.
///
/// With a single batch the network would fit it perfectly within seconds. Gradients would vanish, and the densities
/// would not be those of real training.
struct BenchBatches {
  let inputs: [Tensor]
  let labels: [Tensor]

  var count: Int { inputs.count }
  var batchSize: Int { inputs[0].shape[0] }
  var inputSize: Int { inputs[0].shape[1] }

  /// The number of batches, as in the benchmark scripts of the other frameworks.
  private static let usualCount = 10
  /// The largest size of all random batches in bytes, so that most memory is left for the network.
  private static let byteLimit = 256 << 20
  /// The default number of samples in a batch.
  static let defaultBatchSize = 100

  subscript(step: Int) -> (inputs: Tensor, labels: Tensor) {
    let index = (step % count + count) % count
    return (inputs[index], labels[index])
  }

  /// Creates batches of random inputs with labels 0, 1, 2, ..., repeated.
  init(normal spec: LayerSizes, batchSize: Int) {
    let bytes = batchSize * spec.inputSize * MemoryLayout<Float>.size
    let count = min(Self.usualCount, max(1, Self.byteLimit / bytes))
    inputs = (0..<count).map { _ in Tensor.randomNormal([batchSize, spec.inputSize]) }
    labels = (0..<count).map { batch in
      Tensor(labels: (0..<batchSize).map { ($0 + batch * batchSize) % spec.outputSize })
    }
  }

  /// Creates batches of the bundled digits, starting with the first one.
  init(digits data: TensorDataset, batchSize: Int) throws(MoultError) {
    guard batchSize <= data.count else {
      throw MoultError(.usage, "--batch-size: expected at most the \(data.count) digits, got \(batchSize)")
    }
    self.init(data, batchSize: batchSize, count: min(Self.usualCount, data.count / batchSize))
  }

  /// Reads the batches of a safetensors file: `inputs: [B, N, in]` of float32, `labels: [B, N]` of an integer type.
  init(file path: String, option: String = "--inputs") throws(MoultError) {
    let (inputs, labels) = try Self.tensors(of: path, option)
    let (count, batchSize) = (inputs.shape[0], inputs.shape[1])
    let data = TensorDataset(
      inputs: inputs.reshaped([-1, inputs.shape[2]]), labels: labels.cast(to: .int32).reshaped([-1]))
    self.init(data, batchSize: batchSize, count: count)
  }

  /// Reads held-out batches from a safetensors file, and checks that they fit the network.
  init(heldOut path: String, for spec: LayerSizes, option: String = "--evaluate") throws(MoultError) {
    try self.init(file: path, option: option)
    guard inputSize == spec.inputSize, classCount <= spec.outputSize || spec.outputSize == 1 else {
      throw MoultError(
        .badData,
        "\(option): expected \(spec.inputSize) inputs and at most \(spec.outputSize) classes, got "
          + "\(inputSize) and \(classCount)", location: path)
    }
  }

  /// Returns the same batches. If the network has one output, the targets are the first input of each sample, `[N, 1]`.
  func withTargets(for spec: LayerSizes) -> BenchBatches {
    spec.outputSize > 1 ? self : BenchBatches(inputs: inputs, labels: inputs.map { $0[0..., 0..<1].contiguous() })
  }

  private init(inputs: [Tensor], labels: [Tensor]) { (self.inputs, self.labels) = (inputs, labels) }

  /// Creates batches of the first samples in order. Each batch has its own memory, as in training.
  private init(_ data: TensorDataset, batchSize: Int, count: Int) {
    let batches = (0..<count).map { data.batch(at: Array($0 * batchSize..<($0 + 1) * batchSize)) }
    inputs = batches.map { $0.inputs.flattened(from: 1) }
    labels = batches.map(\.labels)
  }

  private static func tensors(of path: String, _ option: String) throws(MoultError) -> (inputs: Tensor, labels: Tensor)
  {
    let tensors: [String: Tensor]
    do {
      tensors = try SafeTensors.read(path).tensors
    } catch {
      guard case .noInput = error.code else { throw error }
      throw MoultError(
        .noInput,
        "\(option): expected \(option == "--inputs" ? "normal, mnist or " : "")a safetensors file, got '\(path)'",
        cause: error.cause ?? error.message)
    }
    func failure(_ name: String, _ expected: String) -> MoultError {
      let got = tensors[name].map { "\($0.dtype) \($0.shape)" } ?? "none"
      return MoultError(.badData, "tensor \"\(name)\": expected \(expected), got \(got)", location: path)
    }
    guard let inputs = tensors["inputs"], inputs.dtype == .float32, inputs.rank == 3, inputs.count > 0 else {
      throw failure("inputs", "float32 [batches, samples, inputs], at least one of each")
    }
    let shape = Array(inputs.shape.prefix(2))
    guard let labels = tensors["labels"], labels.shape == shape, labels.dtype.isInteger else {
      throw failure("labels", "integers \(shape), one for each sample of \"inputs\"")
    }
    let values = labels.scalars(as: Int64.self)
    if let wrong = values.first(where: { !(0..<Int64(LayerSizes.sizeLimits.upperBound)).contains($0) }) {
      throw MoultError(
        .badData, "tensor \"labels\": expected classes from 0 to \(LayerSizes.sizeLimits.upperBound - 1), got \(wrong)",
        location: path)
    }
    return (inputs, labels)
  }

  /// The number of classes: the largest label plus 1.
  var classCount: Int {
    labels.reduce(0) { max($0, Int($1.scalars(as: Int32.self).max() ?? -1) + 1) }
  }
}

extension DType {
  fileprivate var isInteger: Bool { [.int64, .int32, .uint8].contains(self) }
}
