import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0 in float64:
///
///     l = torch.tensor([[1., -2., 0.75], [0., 3., -1.]], dtype=torch.float64, requires_grad=True)
///     o = torch.nn.functional.cross_entropy(l, torch.tensor([2, 0]), label_smoothing=s); o.backward()
@Suite struct CrossEntropyTests {
  private let logits = Tensor([1, -2, 0.75, 0, 3, -1] as [Double], shape: [2, 3]).requiringGradient()
  private let labels = Tensor(labels: [2, 0])

  @Test func itFollowsPyTorch() {
    let loss = crossEntropy(logits, labels)
    expectEqual(loss.shape, [])
    expectTrue(isClose(loss, [1.959713953421603]))
    loss.backward()
    let expected = [
      0.2734350442099096, 0.01361352924024867, -0.2870485734501582, -0.47669368871101303, 0.4681197759382529,
      0.008573912772760194,
    ]
    expectEqual(logits.gradient.map { isClose($0, expected) }, true)
  }

  @Test func smoothedLabelsFollowPyTorch() {
    let loss = crossEntropy(logits, labels, labelSmoothing: 0.1)
    expectTrue(isClose(loss, [1.9680472867549366]))
    loss.backward()
    let expected = [
      0.25676837754324294, -0.0030531374264179956, -0.2537152401168249, -0.4433603553776797, 0.4514531092715862,
      -0.008092753893906473,
    ]
    expectEqual(logits.gradient.map { isClose($0, expected) }, true)
  }

  @Test func theUpstreamGradientCounts() {
    (crossEntropy(logits, labels) * 3.0).backward()
    expectLess(abs((logits.gradient?[0, 0].item(as: Double.self) ?? 0) - 3 * 0.2734350442099096), 1e-12)
  }

  @Test func hugeLogitsStayFinite() {
    let x = Tensor([[1e30, -1e30], [-1e30, 1e30]]).requiringGradient()
    let loss = crossEntropy(x, Tensor(labels: [0, 1]))
    expectEqual(loss.item(), 0)
    loss.backward()
    expectEqual(x.gradient, Tensor([[0, 0], [0, 0]]))
  }

  @Test func aSumOfGradientsOverClassesIsZero() {
    let x = Tensor.randomNormal([7, 5], dtype: .float64).requiringGradient()
    crossEntropy(x, Tensor(labels: [0, 1, 2, 3, 4, 0, 1])).backward()
    expectEqual(x.gradient.map { isClose($0.sum(axis: 1), Array(repeating: 0, count: 7), tolerance: 1e-15) }, true)
  }

  @Test func itIsAFunctionValue() {
    let loss: (Tensor, Tensor) -> Tensor = crossEntropy
    expectEqual(loss(logits, labels), crossEntropy(logits, labels))
  }

  @Test(arguments: [DType.int64, .uint8]) func anyIntegerTypeIsALabel(dtype: DType) {
    expectEqual(crossEntropy(logits, labels.cast(to: dtype)).item(), crossEntropy(logits, labels).item())
  }

  @Test func floatLabelsAreRefusedByName() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Tensor([[1, 2]]), Tensor([1]))
    }
    expectTrue(message(result).contains("crossEntropy: expected integer labels, got float32"))
  }

  @Test func labelsOutOfRangeAreRefusedWithIndexAndValue() async {
    let above = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(.zeros([3, 10]), Tensor(labels: [1, 9, 10]))
    }
    expectTrue(message(above).contains("crossEntropy: label 10 of sample 2 is outside 0..<10"))
    let below = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(.zeros([3, 10]), Tensor(labels: [1, -1, 0]))
    }
    expectTrue(message(below).contains("crossEntropy: label -1 of sample 1 is outside 0..<10"))
  }

  @Test func wrongShapesAreRefused() async {
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(.zeros([3, 10]), Tensor(labels: [1, 2]))
    }
    expectTrue(message(labels).contains("crossEntropy: expected labels: [3] for logits [3, 10], got [2]"))
    let logits = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(.zeros([10]), Tensor(labels: [1]))
    }
    expectTrue(message(logits).contains("crossEntropy: expected logits: [N, C], got [10]"))
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(.zeros([0, 10]), Tensor(labels: []))
    }
    expectTrue(message(empty).contains("crossEntropy: expected at least one sample and one class, got logits [0, 10]"))
  }

  @Test func smoothingOutsideZeroToOneIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(.zeros([1, 2]), Tensor(labels: [0]), labelSmoothing: .nan)
    }
    expectTrue(message(result).contains("crossEntropy: expected labelSmoothing in 0...1, got nan"))
  }

  /// By the definition, in other steps: each sample's plain loss, weighted, over the sum of the weights.
  @Test func classWeightsGiveAWeightedMean() {
    let weights = [0.5, 2, 3.0]
    let each = (0..<2).map { row in
      crossEntropy(logits[row..<(row + 1)], labels[row..<(row + 1)]).item(as: Double.self)
    }
    let loss = crossEntropy(logits, labels, classWeights: weights)
    expectTrue(isClose(loss, [(3 * each[0] + 0.5 * each[1]) / 3.5]))
    loss.backward()
    let gradient = logits.gradient?.scalars(as: Double.self) ?? []
    // The plain gradient of a sample alone, by its share of the weights.
    let plain = [0.2734350442099096, 0.01361352924024867, -0.2870485734501582].map { $0 * 2 * 3 / 3.5 }
    expectTrue(zip(gradient, plain).allSatisfy { abs($0 - $1) < 1e-12 } && gradient.count == 6)
  }

  @Test(arguments: [0, 0.1, 1]) func equalWeightsChangeNothing(smoothing: Double) {
    let weighted = crossEntropy(logits, labels, classWeights: [2, 2, 2], labelSmoothing: smoothing)
    expectTrue(isClose(weighted, [crossEntropy(logits, labels, labelSmoothing: smoothing).item(as: Double.self)]))
  }

  @Test func classesWithoutAShareDoNotSpoilTheLoss() {
    // The difference of the logits leaves the range: log softmax of the second class is minus infinity.
    let logits = Tensor([[3e38, -3e38]]), labels = Tensor(labels: [0])
    expectEqual(crossEntropy(logits, labels, classWeights: [1, 2]).item(), 0)
  }

  @Test func weightedGradientsAreRight() {
    let logits = Tensor.randomNormal([4, 3], dtype: .float64, seed: 4)
    let errors = gradientErrors("crossEntropy", at: [logits]) {
      crossEntropy($0[0], Tensor(labels: [0, 2, 1, 2]), classWeights: [0.2, 1, 4], labelSmoothing: 0.2)
    }
    expectTrue(errors.isEmpty, "\(errors)")
  }

  @Test func weightsThatAreNoneAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Tensor([[1, 2]]), Tensor(labels: [0]), classWeights: [1, 0])
    }
    expectTrue(message(result).contains("crossEntropy: expected positive class weights, got [1.0, 0.0]"))
  }
}
