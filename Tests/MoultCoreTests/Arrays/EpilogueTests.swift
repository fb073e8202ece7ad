import MoultCore
import MoultTestSupport
import Synchronization
import Testing

/// Activations and dropout that join a product, at any rank, against the same operations one after the other: the same
/// bits, forward and backward.
@Suite(.serialized) struct EpilogueTests {
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let apply: @Sendable (Tensor) -> Tensor
    var testDescription: String { name }
  }

  static let functions = [
    Function(name: "identity") { $0 }, Function(name: "relu") { relu($0) }, Function(name: "gelu") { gelu($0) },
    Function(name: "geluTanh") { geluTanh($0) }, Function(name: "silu") { silu($0) },
    Function(name: "mish") { mish($0) },
    Function(name: "sigmoid") { sigmoid($0) }, Function(name: "tanh") { tanh($0) },
    Function(name: "addition") { $0 + .randomNormal($0.shape, seed: 8) },
    Function(name: "SiLU after an addition") { silu($0 + .randomNormal($0.shape, seed: 8)) },
    Function(name: "GELU of SiLU") { gelu(silu($0)) },
    Function(name: "addition of GELU") { .randomNormal($0.shape, seed: 8) + gelu($0) },
  ]
  /// Leading axes and widths: one row, rank 2, 3 and 4, widths around vectors and panels and no multiple of 128.
  static let shapes = [[1, 5], [40, 129], [3, 7, 200], [2, 33, 128], [2, 3, 5, 72], [5, 1, 16]]

  /// Values and gradients of two layers with an activation and dropout; `reads` computes every result before the next
  /// operation, which then cannot join.
  private func layers(_ shape: [Int], _ function: Function, rate: Double, reads: Bool) -> [Tensor] {
    let inputs = 19, width = shape[shape.count - 1]
    let x = Tensor.randomNormal(shape.dropLast() + [inputs], seed: 1).requiringGradient()
    let first = Parameter(.randomNormal([width, inputs], seed: 2)), bias = Parameter(.randomNormal([width], seed: 3))
    let second = Parameter(.randomNormal([23, width], seed: 4))
    func look(_ y: Tensor) -> Tensor {
      if reads { _ = y.scalars(as: Float.self) }
      return y
    }
    var y = look(function.apply(look(linear(x, weight: first, bias: bias))))
    if rate > 0 {
      y = look(withSeed(5) { withStep(9, firstSample: 3) { dropout(y, rate: rate, mode: .training, stream: 4) } })
    }
    // With a factor of one, the gradient that comes back is computed before it goes on.
    let z = linear(reads ? y * 1 : y, weight: second, bias: nil)
    (z * .randomNormal(z.shape, seed: 6)).sum().backward()
    return [y.detached(), x.gradient, first.gradient, second.gradient, bias.gradient].compactMap { $0 }
  }

  @Test(arguments: shapes, functions)
  func joiningChangesNoBit(shape: [Int], function: Function) {
    for rate in [0, 0.1, 0.5] {
      let joined = layers(shape, function, rate: rate, reads: false)
      let separate = layers(shape, function, rate: rate, reads: true)
      expectTrue(joined.count == 5 && joined.count == separate.count)
      for (index, (a, b)) in zip(joined, separate).enumerated() {
        expectEqual(a, b, "tensor \(index), rate \(rate)")
      }
    }
  }

  @Test(arguments: functions)
  func everyInstructionSetGivesTheSameBits(function: Function) {
    let separate = layers([3, 7, 200], function, rate: 0.1, reads: true)
    for (name, joined) in ProcessSettings.underEveryInstructionSet({
      layers([3, 7, 200], function, rate: 0.1, reads: false)
    }) {
      expectTrue(zip(joined, separate).allSatisfy { $0 == $1 }, "\(name)")
    }
  }

  /// A product has one mask: a second dropout is an operation of its own, forward and backward.
  @Test func twoDropoutsHaveMasksOfTheirOwn() {
    func results(reads: Bool) -> [Tensor] {
      let x = Tensor.randomNormal([33, 19], seed: 1).requiringGradient(),
        weight = Parameter(.randomNormal([40, 19], seed: 2))
      var y = relu(linear(x, weight: weight, bias: nil))
      for stream in 4...5 {
        if reads { _ = y.scalars(as: Float.self) }
        y = withSeed(5) { dropout(y, rate: 0.5, mode: .training, stream: stream) }
      }
      (y * .randomNormal(y.shape, seed: 6)).sum().backward()
      return [y.detached(), x.gradient, weight.gradient].compactMap { $0 }
    }
    let joined = results(reads: false), separate = results(reads: true)
    expectTrue(joined.count == 3 && zip(joined, separate).allSatisfy { $0 == $1 })
    expectGreater((joined[0] .== 0).cast(to: .float32).mean().item(), 0.75)
  }

  /// Rank 3 computes what the same rows give as a matrix, with the masks of sequences.
  @Test func aBatchOfSequencesIsItsRows() {
    let weight = Parameter(.randomNormal([200, 19], seed: 2)), x = Tensor.randomNormal([3, 7, 19], seed: 1)
    let y = withSeed(5) {
      dropout(gelu(linear(x, weight: weight, bias: nil)), rate: 0.3, mode: .training, stream: 4)
    }
    let rows = gelu(linear(x.reshaped([21, 19]), weight: weight, bias: nil)).reshaped([3, 7, 200])
    expectEqual(y, withSeed(5) { dropout(rows, rate: 0.3, mode: .training, stream: 4) })
    expectGreater((y .== 0).cast(to: .float32).mean().item(), 0.2)
  }

  private func forwardProducts(_ body: () -> Void) -> Int {
    let recorder = ProductRecorder()
    recorder.recording(body)
    return recorder.take().filter { $0.stage == .forward }.count
  }

  /// The derivative of an activation comes from the pass that computes the result.
  @Test func theDerivativeOfAnActivationIsComputedOnTheWay() {
    let weight = Parameter(.randomNormal([130, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    let count = forwardProducts {
      let y = gelu(linear(x, weight: weight, bias: nil))
      _ = y.scalars(as: Float.self)
      y.sum().backward()
      _ = weight.gradient?.scalars(as: Float.self)
    }
    expectEqual(count, 1)
  }

  /// A gradient can ask for the derivative before the result is read, and the other way round.
  @Test(arguments: [true, false]) func theDerivativeDoesNotDependOnTheResult(readsResult: Bool) {
    let weight = Parameter(.randomNormal([130, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    let input = matmul(x, weight.value.detached().transposed()).requiringGradient()
    let expected = gelu(input)
    expected.sum().backward()
    let y = gelu(linear(x, weight: weight, bias: nil))
    if readsResult { expectEqual(y.detached(), expected.detached()) }
    y.backward(gradient: .ones(y.shape))
    expectEqual(weight.gradient, input.gradient.map { matmul($0.transposed(), x) })
    expectEqual(y.detached(), expected.detached())
  }

  /// The addition of a computed tensor joins: the product itself is not written to memory.
  @Test func theAdditionOfAComputedTensorJoins() {
    let weight = Parameter(.randomNormal([130, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    let other = Tensor.randomNormal([130, 50], seed: 3).transposed()
    for isFirst in [true, false] {
      let count = forwardProducts {
        let product = linear(x, weight: weight, bias: nil), sum = isFirst ? product + other : other + product
        expectEqual(sum, matmul(x, weight.value.detached().transposed()) + other)
        _ = product.scalars(as: Float.self)
      }
      expectEqual(count, 2, "the sum without the product, then the product")
    }
  }

  /// The gradient of ReLU reads its result, with dropout after it or not: an addition computes it instead of joining,
  /// so that the backward pass does not compute the product again.
  @Test(arguments: [0, 0.5]) func anAdditionAfterReLUComputesTheProductOnce(rate: Double) {
    let weight = Parameter(.randomNormal([130, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    func sum() -> Tensor {
      dropout(relu(linear(x, weight: weight, bias: nil)), rate: rate, mode: .training, stream: 0) + .ones([50, 130])
    }
    let count = forwardProducts {
      let y = sum()
      _ = y.scalars(as: Float.self)
      y.sum().backward()
      _ = weight.gradient?.scalars(as: Float.self)
    }
    expectEqual(count, 1)
    expectEqual(withGradients(false) { withSeed(1) { sum() } }, withSeed(1) { sum() }.detached())
  }

  /// The gradients of both summands take the gradient of the sum, a product that is computed once.
  @Test func aResidualConnectionComputesTheGradientOfItsInputOnce() {
    let weights = (1...3).map { Parameter(.randomNormal([40, 40], seed: UInt64($0))) }
    let recorder = ProductRecorder()
    recorder.recording {
      let h = gelu(linear(.randomNormal([50, 40], seed: 4), weight: weights[0], bias: nil))
      let sum = h + gelu(linear(h, weight: weights[1], bias: nil))
      linear(sum, weight: weights[2], bias: nil).sum().backward()
      for weight in weights { _ = weight.gradient?.scalars(as: Float.self) }
    }
    let products = recorder.take()
    expectEqual(products.filter { $0.stage == .forward }.count, 3)
    expectEqual(products.filter { $0.stage == .inputGradient }.count, 2)
  }

  /// Two tasks that read a result and its derivatives at once do not wait for each other: the locks have one order.
  @Test(.timeLimit(.minutes(1))) func tasksReadResultsAndDerivativesAtOnce() async {
    let x = Tensor.randomNormal([1, 4], seed: 1), g = Tensor.ones([1, 4])
    let weight = Parameter(.randomNormal([4, 4], seed: 2))
    for _ in 0..<5_000 {
      let input = x.requiringGradient(), ready = Ready()
      let y = silu(gelu(linear(input, weight: weight, bias: nil)))
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          ready.arrive()
          _ = y.scalars(as: Float.self)
        }
        group.addTask {
          ready.arrive()
          y.backward(gradient: g)
        }
      }
      expectEqual(input.gradient?.shape, [1, 4])
    }
  }

  /// Lets two threads begin at the same moment, or after a while each on its own.
  private final class Ready: Sendable {
    private let count = Atomic<Int>(0)

    func arrive() {
      count.wrappingAdd(1, ordering: .relaxed)
      for _ in 0..<100_000 where count.load(ordering: .relaxed) < 2 {}
    }
  }

  /// The number of steps is bounded: each keeps its operand.
  @Test func manyAdditionsAreComputedOnTheWay() {
    let weight = Parameter(.randomNormal([30, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    let one = Tensor.ones([50, 30])
    var sum = linear(x, weight: weight, bias: nil), expected = matmul(x, weight.value.detached().transposed())
    let count = forwardProducts {
      for _ in 0..<100 { sum = sum + one }
    }
    for _ in 0..<100 { expected = expected + one }
    expectEqual(count, 1, "the ninth step computes the product")
    expectEqual(sum, expected)
  }

  /// What is not computed, of another shape or type is added as an operation of its own.
  @Test func otherAdditionsStayOnTheirOwn() {
    let weight = Parameter(.randomNormal([30, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    let product = matmul(x, weight.value.detached().transposed()), row = Tensor.randomNormal([30], seed: 3)
    func layer() -> Tensor { linear(x, weight: weight, bias: nil) }
    expectEqual(layer() + row, product + row)
    expectEqual(row + layer(), product + row)
    expectEqual(layer() + layer(), product + product)
    let y = layer()
    expectEqual(gelu(y) + y, gelu(product) + product)
  }

  @Test func resultsInBetweenCanBeReadInAnyOrder() {
    let weight = Parameter(.randomNormal([130, 40], seed: 2)), x = Tensor.randomNormal([50, 40], seed: 1)
    let expected = matmul(x, weight.value.detached().transposed())
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2], [0, 2, 1], [2, 0, 1]] {
      let product = linear(x, weight: weight, bias: nil), active = silu(product)
      let dropped = withSeed(1) { dropout(active, rate: 0.5, mode: .training, stream: 0) }
      let all = [product, active, dropped]
      for index in order { _ = all[index].scalars(as: Float.self) }
      expectTrue(all[0] == expected && all[1] == silu(expected))
      expectEqual(all[2], withSeed(1) { dropout(silu(expected), rate: 0.5, mode: .training, stream: 0) })
    }
  }

  /// A reshape that keeps the length of rows keeps them pending; one that does not computes them.
  @Test func reshapesAreSeenThrough() {
    let weight = Parameter(.randomNormal([12, 5], seed: 2)),
      x = Tensor.randomNormal([6, 5], seed: 1)
        .requiringGradient()
    let expected = relu(matmul(x.detached(), weight.value.detached().transposed()))
    let rows = relu(linear(x, weight: weight, bias: nil)).reshaped([2, 3, 12])
    let y = withSeed(1) { dropout(rows, rate: 0.5, mode: .training, stream: 0) }
    expectEqual(y, withSeed(1) { dropout(expected.reshaped([2, 3, 12]), rate: 0.5, mode: .training, stream: 0) })
    y.sum().backward()
    let kept = withSeed(1) { dropout(Tensor.ones([2, 3, 12]), rate: 0.5, mode: .training, stream: 0) }.reshaped([6, 12])
    expectEqual(x.gradient, matmul(select(expected .> 0, kept, .zeros([])), weight.value.detached()))
    expectEqual(relu(linear(x, weight: weight, bias: nil)).reshaped([12, 6]).detached(), expected.reshaped([12, 6]))
  }
}
