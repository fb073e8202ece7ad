import MoultCore
import MoultTestSupport
import Testing

/// Products that skip zeros against the plain product of the same operands: the same bits, for any density.
@Suite struct PackedWeightsTests {
  /// Rows, inputs, outputs: around the edges of vectors (16), blocks (64), tiles (126, 504) and panels (128).
  static let sizes = [
    [1, 1, 1], [3, 16, 10], [100, 784, 256], [128, 65, 129], [127, 128, 17], [5, 300, 140], [505, 33, 48],
    [2, 129, 257],
  ]

  /// About `density` of the elements of a Float32 tensor, the rest zeros.
  private func sparse(_ shape: [Int], _ density: Double, seed: UInt64) -> Tensor {
    let values = Tensor.randomUniform(shape, in: -1..<1, seed: seed),
      chance = Tensor.randomUniform(shape, seed: seed + 1)
    return select(chance .< density, values, .zeros([]))
  }

  private func products(_ size: [Int], _ densityX: Double, _ densityG: Double) -> [Tensor] {
    let (rows, inputs, outputs) = (size[0], size[1], size[2])
    let x = sparse([rows, inputs], densityX, seed: 1).requiringGradient()
    let g = sparse([rows, outputs], densityG, seed: 3)
    let weight = Parameter(sparse([outputs, inputs], 1, seed: 5)), bias = Parameter(sparse([outputs], 1, seed: 7))
    let y = linear(x, weight: weight, bias: bias)
    y.backward(gradient: g)
    return [y.detached(), x.gradient, weight.gradient, bias.gradient].compactMap { $0 }
  }

  @Test(arguments: sizes, [0, 0.1, 0.55, 0.65, 1])
  func theThreeProductsAreThePlainOnes(size: [Int], density: Double) {
    let (rows, inputs, outputs) = (size[0], size[1], size[2])
    for other in [0.25, 1] {
      let found = products(size, density, other)
      let x = sparse([rows, inputs], density, seed: 1), g = sparse([rows, outputs], other, seed: 3)
      let w = sparse([outputs, inputs], 1, seed: 5), bias = sparse([outputs], 1, seed: 7)
      expectEqual(found, [matmul(x, w.transposed()) + bias, matmul(g, w), matmul(g.transposed(), x), g.sum(axis: 0)])
    }
  }

  @Test func everyInstructionSetAndThreadCountGivesTheSameBits() {
    for size in [[100, 200, 140], [130, 65, 10]] {
      let sets = ProcessSettings.underEveryInstructionSet { products(size, 0.3, 0.4) + products(size, 1, 0.9) }
      expectTrue(sets.allSatisfy { $0.result == sets[0].result })
      let threads = ProcessSettings.underThreadCounts([1, 2, 3, 5]) { products(size, 0.3, 0.4) + products(size, 1, 1) }
      expectTrue(threads.allSatisfy { $0.result == threads[0].result })
    }
  }

  /// Three steps of a layer; `reading` asks for each gradient before the update.
  private func steps(_ rule: UpdateRule, buffers count: Int, size: [Int], reading: Bool) -> [Tensor] {
    let weight = Parameter(sparse([size[2], size[1]], 1, seed: 5))
    let buffers = (0..<count).map { _ in Parameter(.zeros(weight.shape)) }
    for step in 0..<3 {
      let x = sparse([size[0], size[1]], step == 1 ? 1 : 0.2, seed: UInt64(10 * step)).requiringGradient()
      linear(x, weight: weight, bias: nil).backward(gradient: sparse([size[0], size[2]], 0.3, seed: 3))
      if reading { _ = weight.gradient }
      weight.apply(rule, buffers: buffers)
      weight.clearGradient()
    }
    return ([weight] + buffers).map { $0.value.detached() }
  }

  @Test(arguments: sizes)
  func anUpdateInTheTilesIsTheUpdateByTheGradient(size: [Int]) {
    let sgd = UpdateRule.sgd(learningRate: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0.01)
    let adam = UpdateRule.adam(
      rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, root: 0.5, weightDecay: 0.01, shrink: 0.99)
    for (rule, count) in [(sgd, 1), (adam, 2)] {
      let expected = steps(rule, buffers: count, size: size, reading: true)
      expectEqual(steps(rule, buffers: count, size: size, reading: false), expected)
    }
  }

  @Test func aValueThatWasReadStaysWhatItWas() {
    let weight = Parameter(sparse([130, 70], 1, seed: 5)), before = weight.value.scalars(as: Float.self)
    let x = sparse([9, 70], 0.5, seed: 1)
    let y = linear(x, weight: weight, bias: nil)
    let kept = weight.value
    y.sum().backward(retainingGraph: true)
    weight.apply(.sgd(learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0), buffers: [])
    expectEqual(kept.scalars(as: Float.self), before)
    expectNotEqual(weight.value.scalars(as: Float.self), before)
  }

  @Test func gradientsOfTwoUsesAddUp() {
    let weight = Parameter(sparse([20, 30], 1, seed: 5))
    let a = sparse([4, 30], 1, seed: 1), b = sparse([6, 30], 0.4, seed: 2)
    (linear(a, weight: weight, bias: nil).sum() + linear(b, weight: weight, bias: nil).sum()).backward()
    let sum = Tensor.ones([20, 1]) * (a.sum(axis: 0) + b.sum(axis: 0))
    let found = weight.gradient ?? .zeros([])
    expectLess(abs(found - sum).max().item(), 1e-5)
    let single = gradients(of: linear(a, weight: weight, bias: nil).sum(), withRespectTo: [weight])[0]
    expectLess(abs(single - Tensor.ones([20, 1]) * a.sum(axis: 0)).max().item(), 1e-5)
  }

  @Test func aNaNInAnInputReachesItsRowAlone() {
    let weight = Parameter(sparse([20, 30], 1, seed: 5))
    var numbers = sparse([4, 30], 0.3, seed: 1).scalars(as: Float.self)
    numbers[31] = .nan
    let y = linear(Tensor(numbers, shape: [4, 30]), weight: weight, bias: nil)
    expectTrue(y[1].scalars(as: Float.self).allSatisfy { $0.isNaN })
    expectTrue((y[0] .== y[0]).scalars(as: Bool.self).allSatisfy { $0 } && y[2].sum().item().isFinite)
  }

  /// Lists are read several entries at a time: what lies behind the end of one must have no part in its sum.
  @Test(arguments: 0...20) func aNaNInAWeightThatNoListNamesStaysBehind(entries: Int) {
    // As many outputs as make sparse rows worth while at any of these densities.
    let outputs = 100
    var x = [Float](repeating: 0, count: 3 * 64), w = [Float](repeating: .nan, count: outputs * 64)
    for (line, first) in [0, 7, 30].enumerated() {
      for i in first..<first + entries {
        x[line * 64 + i] = 1
        for output in 0..<outputs { w[output * 64 + i] = Float(output) }
      }
    }
    let y = linear(Tensor(x, shape: [3, 64]), weight: Parameter(Tensor(w, shape: [outputs, 64])), bias: nil)
    let sums = (0..<outputs).map { Float(entries * $0) }
    expectEqual(y.scalars(as: Float.self), sums + sums + sums)
  }

  /// Long lines: a slice of them is less than a group of sixteen, which is compressed as a whole.
  @Test(arguments: [[40, 40_000, 33], [40_000, 20, 33]])
  func longLinesAreSharedOutInWholeGroups(size: [Int]) {
    let expected = ProcessSettings.underThreadCounts([1]) { products(size, 0.25, 0.25) }[0].result
    for (count, found) in ProcessSettings.underThreadCounts([2, 3, 5], { products(size, 0.25, 0.25) }) {
      expectEqual(found, expected, "\(count) threads")
    }
  }
}
