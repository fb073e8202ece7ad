import MoultCore
import MoultTestSupport

/// Tests/Reference/regularizers.json: what Keras makes of the kernels of dense layers, which it keeps as [in, out].
struct KerasReference: Decodable {
  let name: String
  let argument: Double?
  let kernel: Numbers
  let result: Numbers

  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values, shape: shape) }
    /// In this library's layout, [out, in].
    var ours: Tensor { tensor.transposed() }
  }

  private struct File: Decodable { let cases: [KerasReference] }

  static func cases(_ name: String) throws -> [KerasReference] {
    try ReferenceFiles.decode(File.self, from: "regularizers.json").cases.filter { $0.name == name }
  }
}
