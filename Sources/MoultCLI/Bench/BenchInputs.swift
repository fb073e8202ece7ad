import ArgumentParser
import Moult

/// The source of the inputs that `--inputs` names.
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

/// The batches that a benchmark cycles through.
///
/// One batch alone would be learned by heart within seconds: gradients would vanish, and densities would be those of no
/// training.
struct BenchBatches {
  let inputs: [Tensor]
  let labels: [Tensor]

  var count: Int { inputs.count }
  var batchSize: Int { inputs[0].shape[0] }
  var inputSize: Int { inputs[0].shape[1] }

  /// As many as the peers' scripts use.
  private static let usualCount = 10
  /// Random batches beyond are not made: the memory is the network's.
  private static let byteLimit = 256 << 20
  /// Samples in a batch where nobody says.
  static let defaultBatchSize = 100

  subscript(step: Int) -> (inputs: Tensor, labels: Tensor) {
    let index = (step % count + count) % count
    return (inputs[index], labels[index])
  }

  /// Random inputs with labels that go round.
  init(normal spec: LayerSizes, batchSize: Int) {
    let bytes = batchSize * spec.inputSize * MemoryLayout<Float>.size
    let count = min(Self.usualCount, max(1, Self.byteLimit / bytes))
    inputs = (0..<count).map { _ in Tensor.randomNormal([batchSize, spec.inputSize]) }
    labels = (0..<count).map { batch in
      Tensor(labels: (0..<batchSize).map { ($0 + batch * batchSize) % spec.outputSize })
    }
  }

  /// The bundled digits from the first one on.
  init(digits data: Dataset, batchSize: Int) throws(MoultError) {
    guard batchSize <= data.count else {
      throw MoultError(.usage, "--batch-size: expected at most the \(data.count) digits, got \(batchSize)")
    }
    self.init(data, batchSize: batchSize, count: min(Self.usualCount, data.count / batchSize))
  }

  /// The batches of a safetensors file: `inputs: [B, N, in]` of float32, `labels: [B, N]` of an integer type.
  init(file path: String, option: String = "--inputs") throws(MoultError) {
    let (inputs, labels) = try Self.tensors(of: path, option)
    let (count, batchSize) = (inputs.shape[0], inputs.shape[1])
    let data = Dataset(inputs: inputs.reshaped([-1, inputs.shape[2]]), labels: labels.cast(to: .int32).reshaped([-1]))
    self.init(data, batchSize: batchSize, count: count)
  }

  /// The batches of a file that the network has not trained on.
  init(heldOut path: String, for spec: LayerSizes, option: String = "--evaluate") throws(MoultError) {
    try self.init(file: path, option: option)
    guard inputSize == spec.inputSize, classCount <= spec.outputSize || spec.outputSize == 1 else {
      throw MoultError(
        .badData,
        "\(option): expected \(spec.inputSize) inputs and at most \(spec.outputSize) classes, got "
          + "\(inputSize) and \(classCount)", location: path)
    }
  }

  /// The same batches; for a network with one output with each sample's first input as its target, `[N, 1]`.
  func withTargets(for spec: LayerSizes) -> BenchBatches {
    spec.outputSize > 1 ? self : BenchBatches(inputs: inputs, labels: inputs.map { $0[0..., 0..<1].contiguous() })
  }

  private init(inputs: [Tensor], labels: [Tensor]) { (self.inputs, self.labels) = (inputs, labels) }

  /// The first samples in their order, each batch in memory of its own as a training's batches are.
  private init(_ data: Dataset, batchSize: Int, count: Int) {
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

  /// Classes that the labels need.
  var classCount: Int {
    labels.reduce(0) { max($0, Int($1.scalars(as: Int32.self).max() ?? -1) + 1) }
  }
}

extension DType {
  fileprivate var isInteger: Bool { [.int64, .int32, .uint8].contains(self) }
}
