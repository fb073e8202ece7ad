import Foundation
import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Five steps of the article's network from PyTorch's weights, as recorded by
/// Scripts/reference/make_training_trajectories.py, which says how weights, inputs and masks are drawn.
@Suite struct TrajectoryTests {
  struct Run: Sendable, CustomTestStringConvertible {
    let file: String
    let dtype: DType
    /// How far a step may be from PyTorch's.
    let tolerance: Double
    var testDescription: String { "\(file), \(dtype)" }

    static let all = ["sgd", "sgd_dropout", "adam", "adam_dropout"].flatMap { name in
      [
        Run(file: "trajectory_\(name).safetensors", dtype: .float32, tolerance: 1e-5),
        Run(file: "trajectory_\(name).safetensors", dtype: .float64, tolerance: 1e-10),
      ]
    }
  }

  @Test(arguments: Run.all) func trainingFollowsPyTorch(run: Run) throws {
    let reference = try Reference(run.file)
    let prefix = run.dtype == .float64 ? "float64." : ""
    let model = SimpleMLP(dropoutRate: run.file.contains("dropout") ? 0.5 : 0, dtype: run.dtype)
    try model.load(weights(run.dtype))
    model.train()
    let optimizer: any Optimizer =
      run.file.contains("adam")
      ? Adam(model.parameters()) : SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)

    var losses: [Double] = []
    let labels = try reference.integers("labels")
    for step in 0..<5 {
      let x = inputs([100, 784], seed: 100 + UInt64(step), run.dtype)
      let loss = withSeed(42) {
        withStep(step) { crossEntropy(model(x), Tensor(labels: Array(labels[step * 100..<(step + 1) * 100]))) }
      }
      losses.append(loss.item(as: Double.self))
      optimizer.step(minimizing: loss)
    }

    func expectClose(_ values: [Double], _ name: String, scale: Double = 1) throws {
      let expected = try reference.doubles(prefix + name)
      try #require(values.count == expected.count)
      let worst = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
      expectAtMost(worst, run.tolerance * scale, "\(name) is \(worst) away")
    }
    try expectClose(losses, "losses")
    model.eval()
    let logits = withGradients(false) { model(inputs([10, 784], seed: 200, run.dtype)) }
    try expectClose(logits.scalars(as: Double.self), "logits")
    for (name, parameter) in model.namedParameters() {
      let values = parameter.value.scalars(as: Double.self)
      let key = Self.snakeCase[name] ?? name
      try expectClose(try reference.integers("\(key).indices").map { values[$0] }, "\(key).samples")
      try expectClose([values.reduce(0) { $0 + $1 * $1 }.squareRoot()], "\(key).norm")
      // A sum of n roundings is off by √n of them.
      try expectClose([values.reduce(0, +)], "\(key).sum", scale: Double(values.count).squareRoot())
    }
  }

  private static let snakeCase = [
    "hiddenLayer1.weight": "hidden_layer1.weight", "hiddenLayer1.bias": "hidden_layer1.bias",
    "hiddenLayer2.weight": "hidden_layer2.weight", "hiddenLayer2.bias": "hidden_layer2.bias",
    "outputLayer.weight": "output_layer.weight", "outputLayer.bias": "output_layer.bias",
  ]

  private func weights(_ dtype: DType) -> [String: Tensor] {
    func draw(_ shape: [Int], _ bound: Double, _ seed: UInt64) -> Tensor {
      Tensor.randomUniform(shape, in: -bound..<bound, seed: seed).cast(to: dtype)
    }
    return [
      "hidden_layer1.weight": draw([256, 784], 1 / 32, 1), "hidden_layer1.bias": draw([256], 1 / 32, 2),
      "hidden_layer2.weight": draw([256, 256], 1 / 16, 3), "hidden_layer2.bias": draw([256], 1 / 16, 4),
      "output_layer.weight": draw([10, 256], 1 / 16, 5), "output_layer.bias": draw([10], 1 / 16, 6),
    ]
  }

  private func inputs(_ shape: [Int], seed: UInt64, _ dtype: DType) -> Tensor {
    Tensor.randomUniform(shape, in: -1.75..<1.75, seed: seed).cast(to: dtype)
  }
}

/// The tensors of a file in Tests/Reference, without the library's own reader, which lives further up.
private struct Reference {
  private struct Entry: Decodable {
    let dtype: String
    let data_offsets: [Int]
  }

  private let header: [String: Entry]
  private let body: Data

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Reference")
    let data = try Data(contentsOf: folder.appending(path: name))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    body = data.dropFirst(8 + length)
    var fields = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length)) as? [String: Any] ?? [:]
    fields["__metadata__"] = nil
    header = try JSONDecoder().decode([String: Entry].self, from: JSONSerialization.data(withJSONObject: fields))
  }

  func doubles(_ name: String) throws -> [Double] { try numbers(name, "F64", as: Double.self) }

  func integers(_ name: String) throws -> [Int] {
    try header[name]?.dtype == "I32"
      ? numbers(name, "I32", as: Int32.self).map { Int($0) } : numbers(name, "I64", as: Int64.self).map { Int($0) }
  }

  private func numbers<Number: BitwiseCopyable>(_ name: String, _ dtype: String, as: Number.Type) throws -> [Number] {
    let entry = try unwrapped(header[name], "\(name) is not in the file")
    expectEqual(entry.dtype, dtype)
    let bytes = Data(body.dropFirst(entry.data_offsets[0]).prefix(entry.data_offsets[1] - entry.data_offsets[0]))
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Number>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
      }
    }
  }
}
