import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// An initializer of a user of the library: uniform and normal draws of one source.
private struct Both: Initializer {
  func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let uniform = source.uniform(shape, in: 2..<3, dtype: dtype)
    expectEqual(uniform, source.uniform(shape, in: 2..<3, dtype: dtype))
    expectTrue(uniform.scalars(as: Double.self).allSatisfy { (2..<3).contains($0) })
    return source.normal(shape, standardDeviation: 2, dtype: dtype)
  }
}

@Suite struct RandomSourceTests {
  @Test(arguments: [DType.float32, .float64]) func aUsersInitializerDrawsFromTheSeed(dtype: DType) {
    let drawn = (0..<2).map { _ in withSeed(2) { Parameter([5, 7], initializer: Both(), dtype: dtype).value } }
    expectEqual(drawn[0], drawn[1])
    expectEqual(drawn[0].dtype, dtype)
  }
}
