import MoultCore
import MoultTestSupport
import Testing

/// Contributions to one input: whole arrays, slices, rows and products, in any mixture.
@Suite struct GradientSumTests {
  @Test func slicesRowsAndWholesOfOneInputAddUp() {
    let shape = [5, 3]
    #expect(
      gradientErrors("mixed", at: [samples(shape)]) { x in
        let x = x[0]
        return x[1..<4].sum() * 2 + (x.indexSelect([4, 0, 4]) * samples([3, 3], dtype: x.dtype, seed: 2)).sum()
          + x.sum()
          + (x[0..., 1] * samples([5], dtype: x.dtype, seed: 3)).sum()
      } == [])
  }

  /// A gradient that was read stays as it was when more is added.
  @Test func aGradientThatWasReadDoesNotChange() {
    let x = Tensor([1, 2, 3]).requiringGradient()
    (x * 2).sum().backward()
    (x * 3).sum().backward()
    let read = x.gradient
    (x[0..<1] * 10).sum().backward()
    #expect(read == Tensor([5, 5, 5]) && x.gradient == Tensor([15, 5, 5]))
  }

  /// The upstream gradient of one tensor is not changed by what is added to that of another.
  @Test func gradientsThatShareAnArrayStayApart() {
    let a = Tensor([1, 2]).requiringGradient(), b = Tensor([3, 4]).requiringGradient()
    let sum = a + b
    (sum + a * 10).sum().backward()
    #expect(a.gradient == Tensor([11, 11]) && b.gradient == Tensor([1, 1]))
  }

  @Test func aWeightOfSeveralProductsGetsTheirSum() {
    let weight = Parameter(samples([4, 3], dtype: .float32))
    let x = samples([2, 3], dtype: .float32, seed: 2), y = samples([5, 3], dtype: .float32, seed: 3)
    (linear(x, weight: weight, bias: nil).sum() + linear(y, weight: weight, bias: nil).sum() + weight.value.sum())
      .backward()
    let wanted = Tensor.ones([4, 1]) * (x.sum(axis: 0) + y.sum(axis: 0)) + 1
    #expect(mismatches(weight.gradient ?? .zeros([]), wanted, absolute: 1e-5) == [])
  }
}
