import MoultCore
import MoultTestSupport
import Testing

/// Elementwise operations on arrays whose axes lie in memory in another order: the values of a contiguous copy, in that
/// order of memory.
@Suite struct MemoryOrderTests {
  /// Images `[N, C, H, W]` with the channels last in memory.
  private static func channelsLast(_ dtype: DType = .float32) -> Tensor {
    Tensor.randomNormal([3, 4, 5, 2], dtype: dtype, seed: 1).permuted([0, 3, 1, 2])
  }

  private static func copy(_ x: Tensor) -> Tensor {
    Tensor(x.scalars(as: Double.self), shape: x.shape).cast(to: x.dtype)
  }

  struct Operation: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (Tensor) -> Tensor
    var testDescription: String { name }
  }

  static let operations = [
    Operation(name: "relu") { relu($0) }, Operation(name: "gelu") { gelu($0) }, Operation(name: "exp") { exp($0) },
    Operation(name: "number") { $0 * 3 - 1 }, Operation(name: "number first") { 1 - $0 },
    Operation(name: "itself") { $0 * $0 }, Operation(name: "channels") { $0 + samples([2, 1, 1], dtype: $0.dtype) },
    Operation(name: "second") { samples([3, 2, 1, 5], dtype: $0.dtype) - $0 },
    Operation(name: "contiguous second") { $0 / (samples([3, 2, 4, 5], dtype: $0.dtype) + 9) },
    Operation(name: "dropout") { x in withSeed(4) { dropout(x, rate: 0.4, mode: .training, stream: 2) } },
    Operation(name: "spatial dropout") { x in
      withSeed(4) { dropout(x, rate: 0.4, mode: .training, sharing: .channels, stream: 2) }
    },
    Operation(name: "alpha dropout") { x in withSeed(4) { alphaDropout(x, rate: 0.4, mode: .training, stream: 2) } },
    Operation(name: "ReLU and dropout") { x in
      withSeed(4) { dropout(relu(x), rate: 0.4, mode: .training, stream: 2) }
    },
  ]

  @Test(arguments: operations, [DType.float32, .float64])
  func valuesAndGradientsAreThoseOfACopy(operation: Operation, dtype: DType) {
    func run(_ x: Tensor) -> [Tensor] {
      let x = x.requiringGradient(), y = operation.apply(x)
      (y * samples(y.shape, dtype: dtype, seed: 9)).sum().backward()
      return [y.detached(), x.gradient].compactMap { $0 }
    }
    let x = Self.channelsLast(dtype), results = run(x), expected = run(Self.copy(x))
    expectTrue(results.count == 2 && zip(results, expected).allSatisfy { sameBits($0, $1) })
  }

  @Test(arguments: operations)
  func theOrderOfMemoryIsKept(operation: Operation) {
    let y = operation.apply(Self.channelsLast())
    expectTrue(y.values.strides == [40, 1, 10, 2] && !y.values.isContiguous)
    expectTrue(sameBits(y.contiguous(), y) && y.contiguous().values.isContiguous)
  }

  /// An array with gaps, or with repeated elements, has no order to keep.
  @Test func otherViewsBecomeContiguous() {
    let x = Self.channelsLast()
    for view in [x[0..., 0..<1], x[0..., 0..., 1..<3], x[0..<1, 0..., 0..., 0].broadcast(to: [3, 2, 4])] {
      let y = exp(view)
      expectTrue(y.values.isContiguous || y.shape == [3, 1, 4, 5])
      expectTrue(sameBits(y, exp(Self.copy(view))))
    }
  }

  /// Samples that are not outermost in memory: the mask is that of a copy.
  @Test func samplesInsideAreDroppedAsInACopy() {
    let x = Tensor.randomNormal([6, 5, 4], seed: 1).permuted([1, 0, 2])
    func dropped(_ x: Tensor) -> Tensor { withSeed(4) { dropout(x, rate: 0.5, mode: .training, stream: 2) } }
    expectTrue(sameBits(dropped(x), dropped(Self.copy(x))))
  }

  @Test func sumsHaveTheOrderOfTheShape() {
    let x = Self.channelsLast(), copy = Self.copy(x)
    expectTrue(sameBits(exp(x).sum(), exp(copy).sum()) && sameBits(exp(x).sum(axis: 1), exp(copy).sum(axis: 1)))
  }
}
