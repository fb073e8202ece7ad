import MoultCore
import MoultTestSupport

/// What Tests/Reference/dropout.json holds, made by Scripts/reference/make_dropout.py.
struct DropoutReference: Decodable {
  /// A module of PyTorch with our masks.
  struct Case: Decodable {
    let module: String
    let rate: Double
    let sharing: String
    let shape: [Int]
    let input, output, gradient: [Double]

    /// Where the result or the gradient of `layer`, on stream 3, differs from PyTorch's.
    func errors(_ layer: (Tensor) -> Tensor) -> [String] {
      let x = Tensor(input, shape: shape).requiringGradient()
      let y = DropoutReference.use { layer(x) }
      y.backward(gradient: Tensor((0..<x.count).map { Double($0 + 1) / 7 }, shape: shape))
      let result = mismatches(y, Tensor(output, shape: shape), absolute: 1e-12, relative: 1e-12)
      guard let slope = x.gradient else { return result + ["no gradient"] }
      return result + mismatches(slope, Tensor(gradient, shape: shape), absolute: 1e-12, relative: 1e-12)
    }
  }

  let cases: [Case]
  /// The first normal draws of stream 3, `[3, 5]`.
  let normal: [[Double]]
  /// The middles of cutout's patches in images of 5 x 8, for stream 3.
  let middles: [[Int]]

  static func file() throws -> DropoutReference { try ReferenceFiles.decode(Self.self, from: "dropout.json") }

  /// Runs `body` with the seed, step and sample that the file was made for.
  static func use(_ body: () -> Tensor) -> Tensor { withSeed(7) { withStep(2, firstSample: 5, body) } }
}
