import MoultCore
import MoultTestSupport
import Testing

@Suite struct MatMulTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("matmul") { x, _ in matmul(x[0], x[1]) }, [])
  }

  static let shapes: [([Int], [Int])] = [
    ([3, 4], [4, 5]), ([1, 1], [1, 5]), ([3, 0], [0, 2]), ([0, 4], [4, 2]), ([3, 4], [4, 0]), ([4], [4]),
    ([4], [4, 3]),
    ([3, 4], [4]), ([2, 3, 4], [2, 4, 2]), ([2, 3, 4], [4, 2]), ([3, 4], [2, 4, 2]), ([2, 1, 3, 2], [3, 2, 2]),
    ([2, 3, 4], [4]), ([4], [2, 4, 3]), ([0, 3, 4], [4, 2]), ([1, 7], [7, 1]), ([1, 3, 4], [5, 4, 1]),
  ]

  @Test(arguments: shapes)
  func gradients(a: [Int], b: [Int]) {
    let inputs = [samples(a, seed: 1), samples(b, seed: 2)]
    expectEqual(gradientErrors("matmul", at: inputs) { matmul($0[0], $0[1]) }, [])
  }

  @Test(arguments: [
    (1, 1, 1), (2, 3, 4), (5, 17, 33), (1, 100, 784), (33, 1, 257), (7, 40, 256), (25, 65, 300), (250, 33, 5),
  ])
  func everyTransposeIsTheDefinition(m: Int, n: Int, k: Int) {
    let a = samples([m, k], dtype: .float32, seed: 3), b = samples([k, n], dtype: .float32, seed: 4)
    let wanted = chained(a, b)
    for (first, second) in combinations(Layout.allCases, Layout.allCases) {
      expectTrue(sameBits(matmul(first.of(a), second.of(b)), wanted), "\(first) \(second)")
    }
    expectTrue(sameBits(matmul(b.transposed(), a.transposed()), wanted.transposed().contiguous()))
  }

  @Test func anEmptySumIsZero() {
    expectEqual(matmul(.ones([3, 0]), .ones([0, 2])), .zeros([3, 2]))
    expectEqual(
      matmul(.ones([3, 0], dtype: .float64), .ones([0, 2], dtype: .float64)), .zeros([3, 2], dtype: .float64))
    expectEqual(matmul(.ones([0]), .ones([0])).item(), 0)
  }

  @Test func isAssociative() {
    let a = samples([3, 4], seed: 1), b = samples([4, 5], seed: 2), c = samples([5, 2], seed: 3)
    expectEqual(mismatches(matmul(matmul(a, b), c), matmul(a, matmul(b, c)), absolute: 1e-13), [])
  }

  @Test func innerExtentsThatDifferStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(.ones([2, 3]), .ones([4, 5]))
    }
    expectTrue(
      text(result).contains("matmul: the last axis of [2, 3] must match the last but one of [4, 5]; 3 is not 4"))
  }

  @Test func scalarsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(Tensor(2), .ones([4, 5]))
    }
    expectTrue(text(result).contains("matmul: expected tensors of rank 1 or more, got [] and [4, 5]; use * to scale"))
  }

  /// The definition that every kernel keeps to: one chain of fused multiply-adds over ascending k.
  private func chained(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    let x = a.scalars(as: Float.self), y = b.scalars(as: Float.self)
    var result: [Float] = []
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = 0
        for p in 0..<k { sum.addProduct(x[i * k + p], y[p * n + j]) }
        result.append(sum)
      }
    }
    return Tensor(result, shape: [m, n])
  }
}
