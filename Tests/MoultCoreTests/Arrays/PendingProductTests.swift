import MoultCore
import MoultTestSupport
import Testing

/// `dropout(relu(layer(x)))` in one pass against the same one operation at a time: the same bits, forward and backward.
@Suite(.serialized) struct PendingProductTests {
  /// Rows, inputs, outputs: around the edges of vectors (16), words of a mask (32), groups (128), tiles (126).
  static let sizes = [[1, 3, 1], [17, 5, 16], [130, 33, 31], [40, 200, 129], [128, 20, 300]]

  /// The values and gradients of a hidden layer; `reads` looks at every result before the next operation.
  private func layer(_ size: [Int], rate: Double, bias: Bool = true, reads: Bool, x given: Tensor? = nil) -> [Tensor] {
    let (rows, inputs, outputs) = (size[0], size[1], size[2])
    let x = (given ?? .randomNormal([rows, inputs], seed: 1)).requiringGradient()
    let weight = Parameter(.randomNormal([outputs, inputs], seed: 2))
    let shift = bias ? Parameter(.randomNormal([outputs], seed: 3)) : nil
    func look(_ y: Tensor) -> Tensor {
      if reads { _ = y.scalars(as: Float.self) }
      return y
    }
    var y = look(relu(look(linear(x, weight: weight, bias: shift))))
    if rate > 0 {
      y = look(
        withSeed(5) { withStep(9, firstSample: 3) { dropout(y, rate: rate, mode: .training, stream: 4) } })
    }
    // Something follows, as in any network: the layer is not the root of the graph.
    (y * .randomNormal(y.shape, seed: 6)).sum().backward()
    return [y.detached(), x.gradient, weight.gradient, shift?.gradient].compactMap { $0 }
  }

  private func sameBits(_ a: [Tensor], _ b: [Tensor]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { MoultTestSupport.sameBits($0, $1) }
  }

  @Test(arguments: sizes, [0, 0.3, 0.5, 0.996])
  func onePassGivesTheBitsOfOneOperationAfterTheOther(size: [Int], rate: Double) {
    let expected = layer(size, rate: rate, reads: true)
    expectTrue(sameBits(layer(size, rate: rate, reads: false), expected))
    expectEqual(expected.count, 4)
    if size[2] > 1 && rate < 0.9 {
      expectTrue(expected.allSatisfy { $0.scalars(as: Float.self).contains { $0 != 0 } })
    }
    expectTrue(
      sameBits(layer(size, rate: rate, bias: false, reads: false), layer(size, rate: rate, bias: false, reads: true)))
  }

  @Test func instructionSetsAndThreadsChangeNothing() {
    let expected = layer([130, 70, 300], rate: 0.3, reads: true)
    for (name, result) in ProcessSettings.underEveryInstructionSet({ layer([130, 70, 300], rate: 0.3, reads: false) }) {
      expectTrue(sameBits(result, expected), "\(name)")
    }
    for (count, result) in ProcessSettings.underThreadCounts(
      [1, 2, 3], { layer([130, 70, 300], rate: 0.3, reads: false) })
    {
      expectTrue(sameBits(result, expected), "\(count) threads")
    }
  }

  @Test func whatIsNotANumberGoesTheSameWay() {
    var values = [Float](repeating: 1, count: 40)
    for (i, odd) in [Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude].enumerated() {
      values[8 * i + i] = odd
    }
    let x = Tensor(values).reshaped([5, 8])
    expectTrue(
      sameBits(layer([5, 8, 20], rate: 0.5, reads: false, x: x), layer([5, 8, 20], rate: 0.5, reads: true, x: x)))
  }

  @Test func aResultInBetweenCanBeReadBeforeOrAfter() {
    let x = Tensor.randomNormal([20, 10], seed: 1), weight = Parameter(.randomNormal([30, 10], seed: 2))
    let expected = matmul(x, weight.value.detached().transposed())
    for readsFirst in [true, false] {
      let product = linear(x, weight: weight, bias: nil), rectified = relu(product)
      let dropped = withSeed(1) { dropout(rectified, rate: 0.5, mode: .training, stream: 0) }
      let all = [product, rectified, dropped]
      for tensor in readsFirst ? all : all.reversed() {
        expectEqual(tensor.scalars(as: Float.self).count, tensor.count)
      }
      expectEqual(all[0], expected)
      expectEqual(all[1], relu(expected))
      expectEqual(all[2], withSeed(1) { dropout(relu(expected), rate: 0.5, mode: .training, stream: 0) })
    }
  }

  @Test func weightsThatChangeBeforeTheReadingAreTheOldOnes() {
    let x = Tensor([[1, 2]]), weight = Parameter(Tensor([[3, 4]]))
    let before = relu(linear(x, weight: weight, bias: nil))
    weight.value = Tensor([[100, 100]])
    expectEqual(before, Tensor([[11]]))
    let inPanels = relu(linear(x, weight: weight, bias: nil))
    weight.limitNorms(to: 1)
    expectEqual(inPanels, Tensor([[300]]))
  }

  @Test func tasksThatReadAtOnceGetTheSame() async {
    let x = Tensor.randomNormal([64, 100], seed: 1), weight = Parameter(.randomNormal([200, 100], seed: 2))
    for _ in 0..<20 {
      let y = relu(linear(x, weight: weight, bias: nil))
      let sums = await withTaskGroup(of: [Float].self) { group in
        for _ in 0..<4 { group.addTask { y.scalars(as: Float.self) } }
        return await group.reduce(into: Set<[Float]>()) { $0.insert($1) }
      }
      expectEqual(sums.count, 1)
    }
  }

  @Test func gradientsByAResultInBetweenAreThere() {
    let x = Tensor([[1, -2, 3]]), weight = Parameter(Tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]]))
    let product = linear(x, weight: weight, bias: nil), rectified = relu(product)
    let y = withSeed(3) { dropout(rectified, rate: 0.5, mode: .training, stream: 0) }
    let found = gradients(of: y.sum(), withRespectTo: [rectified, product])
    let kept = withSeed(3) { dropout(Tensor([[1, 1, 1]]), rate: 0.5, mode: .training, stream: 0) }
    expectEqual(found[0], kept)
    expectEqual(found[1], kept * Tensor([[1, 0, 1]]))
  }

  @Test func aReLUWithTwoReadersGetsBothGradients() {
    let x = Tensor([[1, -2, 3, 4]]).requiringGradient(), rectified = relu(x)
    let y = withSeed(3) { dropout(rectified, rate: 0.5, mode: .training, stream: 0) }
    (y + rectified * 10).sum().backward()
    let kept = withSeed(3) { dropout(Tensor([[1, 1, 1, 1]]), rate: 0.5, mode: .training, stream: 0) }
    expectEqual(x.gradient, (kept + 10) * Tensor([[1, 0, 1, 1]]))
  }

  /// Gradients of two layers, with a rectifier or a dropout between them; `reads` looks at the gradient in between.
  private func twoLayers(_ size: [Int], rate: Double, reads: Bool) -> [Tensor] {
    let x = Tensor.randomNormal([size[0], size[1]], seed: 1)
    let first = Parameter(.randomNormal([size[2], size[1]], seed: 2))
    let second = Parameter(.randomNormal([7, size[2]], seed: 3))
    var y = relu(linear(x, weight: first, bias: nil))
    if rate > 0 { y = withSeed(5) { withStep(2) { dropout(y, rate: rate, mode: .training, stream: 4) } } }
    // A factor of one is an operation between the two layers: the gradient comes to it computed.
    let z = linear(reads ? y * 1 : y, weight: second, bias: nil)
    (z * .randomNormal(z.shape, seed: 6)).sum().backward()
    return [first, second].compactMap(\.gradient)
  }

  @Test(arguments: sizes, [0, 0.5])
  func theGradientGoesThroughTheRectifierInOnePass(size: [Int], rate: Double) {
    expectTrue(sameBits(twoLayers(size, rate: rate, reads: false), twoLayers(size, rate: rate, reads: true)))
  }

  @Test func anInputsGradientIsThatOfTheWeightsOfItsTime() {
    let x = Tensor([[1, 2]]).requiringGradient(), weight = Parameter(Tensor([[3, 4]]))
    linear(x, weight: weight, bias: nil).sum().backward()
    weight.limitNorms(to: 1)
    expectEqual(x.gradient, Tensor([[3, 4]]))
  }

  @Test func aResultThatTwoFollowIsComputedOnce() {
    let x = Tensor.randomNormal([20, 100], seed: 1), weight = Parameter(.randomNormal([130, 100], seed: 2))
    let recorder = ProductRecorder()
    recorder.recording {
      let rectified = relu(linear(x, weight: weight, bias: nil))
      let heads = (0..<3).map { head in
        withSeed(1) { dropout(rectified, rate: 0.5, mode: .training, stream: head) }
      }
      (heads[0] + heads[1] + heads[2]).sum().backward()
    }
    expectEqual(recorder.take().filter { $0.stage == .forward }.count, 1)
    expectTrue(weight.gradient != nil)
  }
}
