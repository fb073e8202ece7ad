import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0: torch.nn.functional.binary_cross_entropy_with_logits in float64.
@Suite struct BinaryCrossEntropyTests {
  private let logits = Tensor([0, 1.5, -3, 40] as [Double], shape: [4]).requiringGradient()
  private let targets = Tensor([1, 0.25, 0, 1] as [Double], shape: [4])

  @Test func itFollowsPyTorch() {
    let loss = binaryCrossEntropy(logits: logits, targets: targets)
    expectEqual(loss.shape, [])
    expectTrue(isClose(loss, [0.51703695252911]))
    (loss * 2.0).backward()
    let expected = [-0.125, 0.1418936190484109, 0.011856468294391695, 0].map { 2 * $0 }
    expectEqual(logits.gradient.map { isClose($0, expected) }, true)
  }

  @Test func theLossIsOneOperationOfARecord() {
    let (_, record) = recordingOperations { binaryCrossEntropy(logits: logits, targets: targets) }
    expectEqual(record.operations.map(\.name), ["binaryCrossEntropy"])
  }

  @Test func targetsHaveAGradientToo() {
    let t = targets.requiringGradient()
    binaryCrossEntropy(logits: logits, targets: t).backward()
    expectEqual(t.gradient.map { isClose($0, [0, -0.375, 0.75, -10]) }, true)
  }

  @Test func theGradientIsTheSlope() {
    let step = 1e-6
    for x in [-2.0, -0.3, 0, 0.7, 5] {
      func loss(_ x: Double) -> Double {
        binaryCrossEntropy(logits: Tensor([x], shape: [1]), targets: Tensor([0.3], shape: [1])).item(as: Double.self)
      }
      let variable = Tensor([x], shape: [1]).requiringGradient()
      binaryCrossEntropy(logits: variable, targets: Tensor([0.3], shape: [1])).backward()
      let slope = (loss(x + step) - loss(x - step)) / (2 * step)
      expectEqual(variable.gradient.map { isClose($0, [slope], tolerance: 1e-9) }, true)
    }
  }

  @Test func smallLossesKeepTheirDigits() {
    let loss = binaryCrossEntropy(logits: Tensor([30]), targets: Tensor([1])).item()
    expectLess(abs(loss / 9.357623e-14 - 1), 1e-5)
  }

  @Test func hugeLogitsStayFinite() {
    let x = Tensor([1e30, -1e30]).requiringGradient()
    let loss = binaryCrossEntropy(logits: x, targets: Tensor([1, 0]))
    expectEqual(loss.item(), 0)
    loss.backward()
    expectEqual(x.gradient, Tensor([0, 0]))
  }

  @Test func targetsThatAreNoProbabilitiesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropy(logits: Tensor([1, 2]), targets: Tensor([1, 2]))
    }
    expectTrue(message(result).contains("binaryCrossEntropy: expected targets in 0...1, got 2.0"))
  }

  @Test func otherShapesAndTypesAreRefused() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropy(logits: .zeros([2, 1]), targets: .zeros([2]))
    }
    expectTrue(message(shape).contains("binaryCrossEntropy: expected targets: [2, 1], got [2]"))
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropy(logits: .zeros([2]), targets: Tensor(labels: [0, 1]))
    }
    expectTrue(message(type).contains("binaryCrossEntropy: expected targets of type float32, got int32"))
  }
}
