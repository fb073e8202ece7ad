import MoultCore
import MoultTestSupport
import Testing

/// Products without the units that many rows drop together, against the same products with them: the same bits.
@Suite(.serialized) struct ActiveColumnsTests {
  /// The rows, and the sizes of the layers: around the edges of vectors (16) and panels (128), with few and many rows.
  static let sizes = [
    [64, 3, 7, 5], [65, 40, 129, 17], [130, 300, 128, 3], [600, 20, 260, 140], [63, 30, 40, 5], [256, 784, 300, 10],
  ]
  static let sharings: [MaskSharing] = [.batch, .groups(of: 1000), .groups(of: 128), .groups(of: 200)]

  enum Optimizer: CaseIterable {
    case sgd, nesterov, adam

    var buffers: Int { self == .adam ? 2 : 1 }

    var rule: UpdateRule {
      switch self {
      case .sgd, .nesterov:
        .sgd(learningRate: 0.1, momentum: 0.9, nesterov: self == .nesterov, weightDecay: 0.01)
      case .adam:
        .adam(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, root: 0.1, weightDecay: 0.01, shrink: 0.99)
      }
    }
  }

  private struct Run {
    var tensors: [Tensor] = []
    var products: [ProductRecorder.Product] = []
  }

  /// Two hidden layers with dropout and an output, forward, backward and updated; `whole` puts an operation before each
  /// dropout, so that the products know of no mask.
  private func run(
    _ size: [Int], _ sharing: MaskSharing, rate: Double = 0.5, whole: Bool, bias: Bool = true, firstSample: Int = 0,
    optimizer: Optimizer? = nil, look: (Tensor, Tensor) -> Void = { _, _ in }
  ) -> Run {
    let recorder = ProductRecorder()
    let x = Tensor.randomNormal([size[0], size[1]], seed: 1).requiringGradient()
    let sizes = [size[1], size[2], size[2], size[3]]
    let weights = (0..<3).map { Parameter(.randomNormal([sizes[$0 + 1], sizes[$0]], seed: UInt64(10 + $0))) }
    let biases = (0..<3).map { bias ? Parameter(.randomNormal([sizes[$0 + 1]], seed: UInt64(20 + $0))) : nil }
    var outputs: [Tensor] = []
    recorder.recording {
      var y = x
      for layer in 0..<2 {
        let rectified = relu(linear(y, weight: weights[layer], bias: biases[layer]))
        y = withSeed(5) {
          withStep(9, firstSample: firstSample) {
            dropout(whole ? rectified * 1 : rectified, rate: rate, mode: .training, sharing: sharing, stream: layer)
          }
        }
        look(rectified, y)
        outputs.append(y)
      }
      let z = linear(y, weight: weights[2], bias: biases[2])
      (z * .randomNormal(z.shape, seed: 6)).sum().backward()
      outputs.append(z)
    }
    var result = Run(tensors: outputs.map { $0.detached() } + [x.gradient].compactMap { $0 })
    for weight in weights {
      guard let optimizer else {
        result.tensors += recorder.recording { [weight.gradient].compactMap { $0 } }
        continue
      }
      let buffers = (0..<optimizer.buffers).map { _ in Parameter(Tensor.full(weight.shape, 0.125)) }
      recorder.recording { weight.apply(optimizer.rule, buffers: buffers) }
      result.tensors += ([weight] + buffers).map { $0.value.detached() }
    }
    result.tensors += biases.compactMap { $0?.gradient }
    result.products = recorder.take()
    return result
  }

  private func sameBits(_ a: Run, _ b: Run) -> Bool {
    a.tensors.count == b.tensors.count && zip(a.tensors, b.tensors).allSatisfy { MoultTestSupport.sameBits($0, $1) }
  }

  @Test(arguments: sizes, sharings)
  func leavingUnitsOutChangesNothing(size: [Int], sharing: MaskSharing) {
    let whole = run(size, sharing, whole: true), compact = run(size, sharing, whole: false)
    expectTrue(sameBits(compact, whole))
    expectTrue(
      whole.tensors.count == 10 && whole.tensors.allSatisfy { $0.scalars(as: Float.self).contains { $0 != 0 } })
    expectTrue(sameBits(run(size, sharing, whole: false, bias: false), run(size, sharing, whole: true, bias: false)))
  }

  @Test(arguments: [0.25, 0.9, 0.99999], sharings.prefix(3))
  func allRatesGiveTheSame(rate: Double, sharing: MaskSharing) {
    let size = [600, 40, 150, 20]
    expectTrue(sameBits(run(size, sharing, rate: rate, whole: false), run(size, sharing, rate: rate, whole: true)))
  }

  @Test(arguments: Optimizer.allCases, sharings.prefix(3))
  func updatesMoveTheOtherWeightsByTheirMomentum(optimizer: Optimizer, sharing: MaskSharing) {
    let size = [260, 140, 270, 20]
    let whole = run(size, sharing, whole: true, optimizer: optimizer)
    expectTrue(sameBits(run(size, sharing, whole: false, optimizer: optimizer), whole))
  }

  @Test func instructionSetsAndThreadsChangeNothing() {
    for sharing in [MaskSharing.batch, .groups(of: 128)] {
      let size = [300, 70, 300, 40], whole = run(size, sharing, whole: true)
      for (name, found) in ProcessSettings.underEveryInstructionSet({ run(size, sharing, whole: false) }) {
        expectTrue(sameBits(found, whole), "\(name)")
      }
      for (count, found) in ProcessSettings.underThreadCounts([1, 2, 3], { run(size, sharing, whole: false) }) {
        expectTrue(sameBits(found, whole), "\(count) threads")
      }
    }
  }

  /// A reader in between gets the whole matrix, and later operations go on from there.
  @Test(arguments: [MaskSharing.batch, .groups(of: 128)])
  func resultsInBetweenCanBeRead(sharing: MaskSharing) {
    let size = [260, 40, 150, 20], whole = run(size, sharing, whole: true)
    var seen: [Bool] = []
    func read(_ tensor: Tensor) { seen.append(tensor.scalars(as: Float.self).contains { $0 != 0 }) }
    expectTrue(sameBits(run(size, sharing, whole: false, look: { rectified, _ in read(rectified) }), whole))
    expectTrue(sameBits(run(size, sharing, whole: false, look: { _, dropped in read(dropped) }), whole))
    expectEqual(seen, [true, true, true, true])
  }

  /// A layer with fewer rows is not worth it; groups that two layers cut in other places are not known to a product.
  @Test func unitsAreLeftOutWhereItIsOfUse() {
    func compact(_ size: [Int], _ sharing: MaskSharing, rate: Double = 0.5, firstSample: Int = 0) -> Set<
      ProductRecorder.Stage
    > {
      Set(
        run(size, sharing, rate: rate, whole: false, firstSample: firstSample).products.filter(\.isCompacted).map(
          \.stage)
      )
    }
    expectEqual(compact([48, 20, 30, 10], .batch), [.forward, .inputGradient, .weightGradient])
    expectTrue(compact([47, 20, 30, 10], .batch).isEmpty)
    expectTrue(compact([300, 20, 30, 10], .batch, rate: 0.25).contains(.forward))
    expectTrue(compact([100, 20, 30, 10], .batch, rate: 0.25).isEmpty)
    expectEqual(compact([256, 20, 30, 10], .groups(of: 128)), [.forward, .inputGradient])
    expectTrue(compact([256, 20, 30, 10], .groups(of: 64)).isEmpty)
    expectTrue(compact([256, 20, 30, 10], .groups(of: 256), firstSample: 512).contains(.weightGradient))
    expectTrue(compact([64, 20, 30, 10], .elementwise).isEmpty)
  }

  /// Columns that are left out of an input's gradient are those that the dropout before would clear.
  @Test func aGradientWithASecondReaderIsWhole() {
    let x = Tensor.randomNormal([100, 30], seed: 1).requiringGradient()
    let weights = [Parameter(.randomNormal([40, 30], seed: 2)), Parameter(.randomNormal([40, 40], seed: 3))]
    func gradients(_ isWhole: Bool) -> [Tensor] {
      let rectified = relu(linear(x, weight: weights[0], bias: nil))
      let y = withSeed(5) {
        dropout(isWhole ? rectified * 1 : rectified, rate: 0.5, mode: .training, sharing: .batch, stream: 0)
      }
      let z = linear(y, weight: weights[1], bias: nil)
      return MoultCore.gradients(of: (z * z + y).sum(), withRespectTo: [y, rectified, x])
    }
    let whole = gradients(true), found = gradients(false)
    expectTrue(zip(found, whole).allSatisfy { MoultTestSupport.sameBits($0, $1) })
    expectTrue(whole[0].scalars(as: Float.self).allSatisfy { $0 != 0 })
  }

  @Test(arguments: [
    [MaskSharing.groups(of: 128), .groups(of: 192)], [.groups(of: 128), .elementwise], [.batch, .groups(of: 130)],
  ])
  func layersWithOtherRowBlocksAreCompactAsFarAsPossible(sharings: [MaskSharing]) {
    let x = Tensor.randomNormal([512, 30], seed: 1)
    let weights = [30, 40, 50].indices.map { Parameter(.randomNormal([[40, 50, 7][$0], [30, 40, 50][$0]], seed: 2)) }
    func outputs(_ isWhole: Bool) -> [Tensor] {
      var y = x
      for (layer, sharing) in sharings.enumerated() {
        let rectified = relu(linear(y, weight: weights[layer], bias: nil))
        y = withSeed(5) {
          dropout(
            isWhole ? rectified * 1 : rectified, rate: 0.5, mode: .training, sharing: sharing, stream: layer)
        }
      }
      let z = linear(y, weight: weights[2], bias: nil)
      z.sum().backward()
      return [z.detached()] + weights.compactMap(\.gradient)
    }
    let whole = outputs(true)
    for weight in weights { weight.clearGradient() }
    expectTrue(zip(outputs(false), whole).allSatisfy { MoultTestSupport.sameBits($0, $1) })
  }

  /// A column is contiguous as a row too: what is known of its columns is not true of that.
  @Test func aColumnThatBecomesARowIsTakenAsItIs() {
    let x = Tensor.randomNormal([64, 20], seed: 1).requiringGradient()
    let first = Parameter(.randomNormal([1, 20], seed: 2)), second = Parameter(.randomNormal([300, 64], seed: 3))
    for step in 0..<8 {
      func gradients(_ isWhole: Bool) -> [Tensor] {
        let rectified = relu(linear(x, weight: first, bias: nil))
        let y = withStep(step) {
          dropout(isWhole ? rectified * 1 : rectified, rate: 0.5, mode: .training, sharing: .batch, stream: 0)
        }
        let z = linear(y.transposed(), weight: second, bias: nil)
        return [z.detached()] + MoultCore.gradients(of: (z * z).sum(), withRespectTo: [x])
      }
      expectTrue(zip(gradients(false), gradients(true)).allSatisfy { MoultTestSupport.sameBits($0, $1) })
    }
  }

  @Test(arguments: [MaskSharing.batch, .groups(of: 128)])
  func aRetainedGraphGivesItsGradientsAgainAndIsLetGo(sharing: MaskSharing) {
    let weights = [30, 40].map { Parameter(.randomNormal([40, $0], seed: 2)) }
    weak var graph: Node?
    func run(_ isWhole: Bool, times: Int) {
      let rectified = relu(linear(.randomNormal([256, 30], seed: 1), weight: weights[0], bias: nil))
      let y = withSeed(5) {
        dropout(isWhole ? rectified * 1 : rectified, rate: 0.5, mode: .training, sharing: sharing, stream: 0)
      }
      let z = linear(y, weight: weights[1], bias: nil), loss = (z * z).sum()
      graph = y.node
      for _ in 0..<times { loss.backward(retainingGraph: true) }
    }
    func gradients(_ isWhole: Bool) -> [Tensor] {
      for weight in weights { weight.clearGradient() }
      run(isWhole, times: 2)
      return weights.compactMap(\.gradient)
    }
    expectTrue(zip(gradients(false), gradients(true)).allSatisfy { MoultTestSupport.sameBits($0, $1) })
    for weight in weights { weight.clearGradient() }
    // What the parameters keep to compute their gradients with is no part of the graph.
    run(false, times: 1)
    expectNil(graph)
    expectTrue(weights.allSatisfy { $0.gradient != nil })
  }

  /// What a step does to the weights between the passes is not seen by the second.
  @Test func weightsThatChangeBetweenThePassesAreTheOldOnes() {
    func gradient(changing: Bool) -> Tensor? {
      let x = Tensor.randomNormal([100, 30], seed: 1).requiringGradient()
      let weights = [30, 40].map { Parameter(.randomNormal([40, $0], seed: 2)) }
      let y = withSeed(5) {
        dropout(relu(linear(x, weight: weights[0], bias: nil)), rate: 0.5, mode: .training, sharing: .batch, stream: 0)
      }
      let loss = linear(y, weight: weights[1], bias: nil).sum()
      expectTrue(!loss.item().isNaN)
      if changing { for weight in weights { weight.limitNorms(to: 0.1) } }
      loss.backward()
      return x.gradient
    }
    let expected = gradient(changing: false)
    expectTrue(expected != nil && gradient(changing: true) == expected)
  }

  @Test func tasksThatReadAtOnceGetTheSame() async {
    let x = Tensor.randomNormal([100, 100], seed: 1), weight = Parameter(.randomNormal([200, 100], seed: 2))
    let next = Parameter(.randomNormal([50, 200], seed: 3))
    for step in 0..<20 {
      let y = withStep(step) {
        dropout(relu(linear(x, weight: weight, bias: nil)), rate: 0.5, mode: .training, sharing: .batch, stream: 0)
      }
      let results = await withTaskGroup(of: (Bool, [Float]).self) { group in
        for task in 0..<4 {
          group.addTask {
            task % 2 == 0
              ? (true, y.scalars(as: Float.self)) : (false, linear(y, weight: next, bias: nil).scalars(as: Float.self))
          }
        }
        return await group.reduce(into: [(Bool, [Float])]()) { $0.append($1) }
      }
      for isRead in [true, false] { expectEqual(Set(results.filter { $0.0 == isRead }.map(\.1)).count, 1) }
    }
  }

  /// Each block of rows is a product of its own: an activation that stores its input has it for all rows.
  @Test func storedInputsBehindRowBlocksAreComplete() {
    func gradients(reads: Bool) -> [Tensor] {
      let x = Tensor.randomNormal([400, 20], seed: 1).requiringGradient()
      let first = Parameter(.randomNormal([30, 20], seed: 2)), second = Parameter(.randomNormal([10, 30], seed: 3))
      let hidden = relu(linear(x, weight: first, bias: nil))
      let dropped = withSeed(5) {
        dropout(reads ? hidden * 1 : hidden, rate: 0.5, mode: .training, sharing: .groups(of: 200), stream: 0)
      }
      let y = gelu(linear(dropped, weight: second, bias: nil))
      (y * .randomNormal(y.shape, seed: 6)).sum().backward()
      return [y.detached(), x.gradient, first.gradient, second.gradient].compactMap { $0 }
    }
    let joined = gradients(reads: false), separate = gradients(reads: true)
    expectTrue(joined.count == 4 && zip(joined, separate).allSatisfy { $0 == $1 })
  }
}
