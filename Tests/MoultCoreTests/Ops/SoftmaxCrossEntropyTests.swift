import MoultCore
import MoultTestSupport
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("cross_entropy") { x, known in
        softmaxCrossEntropy(x[0], x[1], smoothing: known.labelSmoothing ?? 0)
      }, [])
  }

  @Test(arguments: [[1, 1], [1, 5], [4, 3], [3, 17]], [0, 0.1, 1])
  func gradients(shape: [Int], smoothing: Double) {
    let labels = Tensor(labels: (0..<shape[0]).map { ($0 * 7) % shape[1] })
    expectEqual(
      gradientErrors("crossEntropy", at: [samples(shape), labels]) {
        softmaxCrossEntropy($0[0], $0[1], smoothing: smoothing)
      }, [])
  }

  @Test func equalsItsDefinitionForAnyWidth() {
    for width in 1...40 {
      let x = samples([3, width], dtype: .float32), labels = Tensor(labels: [0, width / 2, width - 1])
      let picked = gather(logSoftmax(x), labels.unsqueezed(axis: 1), axis: 1)
      expectEqual(mismatches(softmaxCrossEntropy(x, labels, smoothing: 0), -picked.mean(), absolute: 1e-6), [])
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func aClassRuledOutCostsNothing(dtype: DType) {
    let x = Tensor([[0, -.infinity, 0]]).cast(to: dtype).requiringGradient()
    let loss = softmaxCrossEntropy(x, Tensor(labels: [0]), smoothing: 0)
    expectEqual(mismatches(loss, .full([], 0.6931471805599453, dtype: dtype), relative: 1e-6), [])
    loss.backward()
    expectEqual(x.gradient.map { mismatches($0, Tensor([[-0.5, 0, 0.5]]).cast(to: dtype), absolute: 1e-6) }, [])
  }

  @Test func allIntegerLabelTypesWork() {
    let x = samples([2, 3])
    let loss = softmaxCrossEntropy(x, Tensor(labels: [2, 0]), smoothing: 0)
    expectEqual(softmaxCrossEntropy(x, Tensor([2, 0] as [UInt8], shape: [2]), smoothing: 0), loss)
    expectEqual(softmaxCrossEntropy(x, Tensor([2, 0] as [Int64], shape: [2]), smoothing: 0), loss)
    expectTrue(!loss.requiresGradient)
  }

  @Test func gradientsOfEachRowAddUpToZero() {
    let x = samples([5, 4]).requiringGradient()
    softmaxCrossEntropy(x, Tensor(labels: [0, 1, 2, 3, 0]), smoothing: 0.2).backward()
    expectEqual(x.gradient.map { mismatches($0.sum(axis: 1), .zeros([5], dtype: .float64), absolute: 1e-16) }, [])
  }

  @Test func aLabelOutsideTheClassesStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = softmaxCrossEntropy(.zeros([2, 3]), Tensor(labels: [0, 3]), smoothing: 0)
    }
    expectTrue(
      text(result).contains("crossEntropy: label 3 of sample 1 is outside 0..<3, the classes of logits [2, 3]"))
  }

  @Test func aLabelBeyond32BitsStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = softmaxCrossEntropy(.zeros([1, 3]), Tensor([1 << 32] as [Int64], shape: [1]), smoothing: 0)
    }
    expectTrue(text(result).contains("of sample 0 is outside 0..<3, the classes of logits [1, 3]"))
  }

  @Test func labelsThatAreNoIntegersStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = softmaxCrossEntropy(.zeros([2, 3]), Tensor([0, 1]), smoothing: 0)
    }
    expectTrue(
      text(result).contains(
        "crossEntropy: expected integer labels, got float32; make them with Tensor(labels:) or cast(to: .int32)"))
  }
}
