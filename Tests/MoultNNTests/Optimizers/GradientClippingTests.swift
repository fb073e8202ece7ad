import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answer by torch 2.15.0: torch.nn.utils.clip_grad_norm_ of [3, 4] and [[12]] to 6.5.
@Suite struct GradientClippingTests {
  private let first = Parameter(Tensor([0, 0]))
  private let second = Parameter(Tensor([[0]]))
  private let unused = Parameter(Tensor([0]))
  private var all: [Parameter] { [first, unused, second] }

  private func accumulate() {
    (first.value * Tensor([3, 4])).sum().backward()
    (second.value * Tensor([[12]])).sum().backward()
  }

  @Test func theCommonNormIsBoundedAsByPyTorch() {
    accumulate()
    expectEqual(clipGradients(all, maxNorm: 6.5), 13)
    expectEqual(first.gradient.map { isClose($0, [1.4999998808, 1.9999998808], tolerance: 1e-6) }, true)
    expectEqual(second.gradient.map { isClose($0, [5.9999995232], tolerance: 1e-6) }, true)
    expectNil(unused.gradient)
  }

  @Test func smallGradientsStayBitForBit() {
    accumulate()
    expectEqual(clipGradients(all, maxNorm: 13.1), 13)
    expectEqual(first.gradient, Tensor([3, 4]))
  }

  @Test func zeroGradientsStayZero() {
    (first.value * 0.0).sum().backward()
    expectEqual(clipGradients(all, maxNorm: 1), 0)
    expectEqual(first.gradient, Tensor([0, 0]))
  }

  @Test func manyElementsAreSummed() {
    let long = parameter(Array(repeating: 0, count: 1_003))
    (long.value * 2.0).sum().backward()
    expectLess(abs(clipGradients([long], maxNorm: 1) - 2 * 1_003.0.squareRoot()), 1e-9)
  }

  @Test func valuesAreBoundedOneByOne() {
    let weight = Parameter(Tensor([0, 0, 0, 0]))
    (weight.value * Tensor([-3, 0.5, 2, .nan])).sum().backward()
    clipGradients([weight, unused], maxValue: 1)
    let values = weight.gradient?.scalars(as: Float.self) ?? []
    expectEqual(Array(values.prefix(3)), [-1, 0.5, 1])
    expectEqual(values.last?.isNaN, true)
  }

  @Test func boundsThatAreNotPositiveAreRefused() async {
    let norm = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      clipGradients([parameter([1])], maxNorm: 0)
    }
    expectTrue(message(norm).contains("clipGradients: expected maxNorm > 0, got 0.0"))
    let value = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      clipGradients([parameter([1])], maxValue: .nan)
    }
    expectTrue(message(value).contains("clipGradients: expected maxValue > 0, got nan"))
  }
}
