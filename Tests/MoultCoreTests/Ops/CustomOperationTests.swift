import MoultCore
import MoultTestSupport
import Testing

@Suite struct CustomOperationTests {
  private func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    customOperation("product", [a, b]) { inputs in
      inputs[0] * inputs[1]
    } pullback: { gradient, inputs, _ in
      [gradient * inputs[1], gradient * inputs[0]]
    }
  }

  @Test func gradientsAreThoseOfThePullback() {
    expectEqual(
      gradientErrors("product", at: [samples([3, 4]), samples([3, 4], seed: 2)]) { product($0[0], $0[1]) }, [])
  }

  @Test func bothClosuresGetTensorsWithoutAHistory() {
    let x = Tensor([1, 2]).requiringGradient()
    let y = customOperation("twice", [x]) { inputs in
      expectTrue(!inputs[0].requiresGradient && !gradientsEnabled)
      return inputs[0] * 2
    } pullback: { gradient, inputs, result in
      expectTrue(!gradient.requiresGradient && !inputs[0].requiresGradient && !result.requiresGradient)
      expectTrue(!gradientsEnabled && result == Tensor([2, 4]))
      return [gradient * 2]
    }
    expectTrue(y.requiresGradient)
    y.sum().backward()
    expectEqual(x.gradient, Tensor([2, 2]))
  }

  /// Dropout behind the library's ReLU has a gradient for both; an operation of that name keeps its own.
  @Test func anOperationThatIsCalledReLUKeepsItsGradient() {
    let x = Tensor.randomNormal([40, 20], seed: 1).requiringGradient(),
      weight = Parameter(.randomNormal([30, 20], seed: 2))
    let z = linear(x, weight: weight, bias: nil)
    let y = customOperation("relu", [z]) {
      relu($0[0])
    } pullback: { gradient, _, _ in
      [gradient]
    }
    let dropped = withSeed(1) { dropout(y, rate: 0.5, mode: .training, stream: 0) }
    dropped.sum().backward()
    let kept = withSeed(1) { dropout(Tensor.ones([40, 30]), rate: 0.5, mode: .training, stream: 0) }
    expectEqual(x.gradient, matmul(kept, weight.value.detached()))
  }

  @Test func withoutGradientsThereIsNoHistory() {
    let x = Tensor([1, 2]).requiringGradient()
    expectTrue(!withGradients(false) { product(x, x) }.requiresGradient)
    expectTrue(!product(x.detached(), x.detached()).requiresGradient)
  }

  @Test func aNilGradientIsNone() {
    let x = Tensor([3]).requiringGradient(), y = Tensor([4]).requiringGradient()
    customOperation("first", [x, y]) {
      $0[0] * $0[1]
    } pullback: { gradient, inputs, _ in
      [gradient * inputs[1], nil]
    }.sum().backward()
    expectTrue(x.gradient == Tensor([4]) && y.gradient == nil)
  }

  @Test func aGradientOfAnotherShapeStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor([1, 2]).requiringGradient()
      customOperation("sum", [x]) {
        $0[0].sum()
      } pullback: { gradient, _, _ in
        [gradient]
      }.backward()
    }
    expectTrue(
      text(result).contains("sum: expected a gradient of shape [2] and type float32 for input 0, got [] float32"))
  }

  @Test func tooFewGradientsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor([1, 2]).requiringGradient()
      customOperation("none", [x]) {
        $0[0].sum()
      } pullback: { _, _, _ in
        []
      }.backward()
    }
    expectTrue(text(result).contains("none: expected a pullback with 1 gradients, one for each input, got 0"))
  }
}
