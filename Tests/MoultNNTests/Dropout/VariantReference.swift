import MoultCore
import MoultTestSupport

/// One case of Tests/Reference/dropout_variants.json.
struct VariantReference: Decodable {
  let op: String
  let attributes: [String: Double]
  let input, upstream, output, gradient: ReferenceTensor
  let second, secondGradient: ReferenceTensor?
  let labels: [Int]?

  private struct File: Decodable { let cases: [VariantReference] }

  static func cases(_ op: String) throws -> [VariantReference] {
    try ReferenceFiles.decode(File.self, from: "dropout_variants.json").cases.filter { $0.op == op }
  }

  subscript(_ name: String) -> Double { attributes[name] ?? .nan }

  /// Where `function` under the case's seed and step differs from what the reference answers.
  func errors(_ function: (Tensor) -> Tensor) -> [String] {
    let x = input.tensor.requiringGradient()
    let y = withSeed(UInt64(attributes["seed"] ?? 0)) { withStep(Int(attributes["step"] ?? 0)) { function(x) } }
    y.backward(gradient: upstream.tensor)
    // Moult's scale is that of a Float.
    let result = mismatches(y.detached(), output.tensor, relative: 1e-7)
    return result + (x.gradient.map { mismatches($0, gradient.tensor, relative: 1e-7) } ?? ["no gradient"])
  }
}
