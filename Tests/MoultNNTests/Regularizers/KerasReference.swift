import MoultCore
import MoultTestSupport

/// Tests/Reference/regularizers.json: what Keras makes of the kernels of dense layers, which it keeps as [in, out].
struct KerasReference: Decodable {
  let name: String
  let argument: Double?
  let kernel: ReferenceTensor
  let result: ReferenceTensor

  private struct File: Decodable { let cases: [KerasReference] }

  static func cases(_ name: String) throws -> [KerasReference] {
    try ReferenceFiles.decode(File.self, from: "regularizers.json").cases.filter { $0.name == name }
  }
}

extension ReferenceTensor {
  /// A kernel in this library's layout, [out, in].
  var ours: Tensor { tensor.transposed() }
}
