import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct MixupTests {
  @Test func mixesEachSampleWithItsPartner() {
    let x = Tensor.arange(12, dtype: .float64).reshaped([6, 2]), labels = Tensor(labels: [0, 1, 2, 3, 4, 5])
    let mixed = withStep(0) { mixup(x, labels, alpha: 1) }
    let partners = mixed.partnerLabels.scalars(as: Int32.self).map { Int($0) }
    expectEqual(partners.sorted(), Array(0..<6))
    expectEqual(mixed.labels, labels)
    expectTrue(mixed.fraction > 0 && mixed.fraction < 1)
    expectEqual(mixed.inputs, x * mixed.fraction + x.indexSelect(partners) * (1 - mixed.fraction))
  }

  @Test func theLossIsMixedLikeTheInputs() {
    let mixed = withStep(0) { mixup(.ones([4, 3]), Tensor(labels: [0, 1, 2, 0]), alpha: 1) }
    let logits = Tensor.randomNormal([4, 3], seed: 1)
    let expected =
      crossEntropy(logits, mixed.labels) * mixed.fraction
      + crossEntropy(logits, mixed.partnerLabels) * (1 - mixed.fraction)
    expectEqual(mixed.loss(of: logits, crossEntropy), expected)
  }

  @Test func drawsAreAFunctionOfSeedStepAndCall() {
    let x = Tensor.ones([16, 1]), labels = Tensor(labels: Array(0..<16))
    func draw(_ seed: UInt64, _ step: Int) -> [MixedBatch] {
      withSeed(seed) { withStep(step) { (0..<2).map { _ in mixup(x, labels, alpha: 0.4) } } }
    }
    func same(_ a: MixedBatch, _ b: MixedBatch) -> Bool {
      a.fraction == b.fraction && a.partnerLabels == b.partnerLabels
    }
    let first = draw(1, 0)
    expectTrue(zip(first, draw(1, 0)).allSatisfy { same($0, $1) })
    expectTrue(!same(first[0], first[1]))
    expectTrue(!same(first[0], draw(1, 1)[0]) && !same(first[0], draw(2, 0)[0]))
    expectTrue(!same(mixup(x, labels, alpha: 0.4), mixup(x, labels, alpha: 0.4)))
  }

  /// Mean 1/2 and variance 1 / (4 (2 alpha + 1)) of Beta(alpha, alpha), each within 5 standard errors at 20 000 draws.
  @Test(arguments: [0.05, 0.2, 1, 4]) func sharesHaveTheMomentsOfTheBetaDistribution(alpha: Double) {
    let x = Tensor.ones([1, 1]), labels = Tensor(labels: [0])
    let count = 20_000
    let shares = withSeed(3) { (0..<count).map { step in withStep(step) { mixup(x, labels, alpha: alpha).fraction } } }
    expectTrue(shares.allSatisfy { (0...1).contains($0) })
    let variance = 1 / (4 * (2 * alpha + 1))
    let mean = shares.reduce(0, +) / Double(count)
    expectLess(abs(mean - 0.5), 5 * (variance / Double(count)).squareRoot())
    let squares = shares.map { ($0 - 0.5) * ($0 - 0.5) }
    let found = squares.reduce(0, +) / Double(count)
    let spread = squares.reduce(0) { $0 + ($1 - variance) * ($1 - variance) } / Double(count)
    expectLess(abs(found - variance), 5 * (spread / Double(count)).squareRoot())
  }

  /// torchvision's MixUp with the share and the order of the law, by Scripts/reference/make_dropout_variants.py.
  @Test func agreesWithTorchvision() throws {
    let cases = try VariantReference.cases("mixup")
    expectEqual(cases.count, 3)
    for known in cases {
      let labels = Tensor(labels: try unwrapped(known.labels)),
        logits = try unwrapped(known.second).tensor.requiringGradient()
      expectEqual(known.errors { mixup($0, labels, alpha: known["alpha"]).inputs }, [])
      let mixed = withSeed(UInt64(known["seed"])) {
        withStep(Int(known["step"])) { mixup(known.input.tensor, labels, alpha: known["alpha"]) }
      }
      expectLess(abs(mixed.fraction - known["share"]), 1e-12)
      let loss = mixed.loss(of: logits, crossEntropy)
      loss.backward()
      // torchvision mixes the labels in Float32.
      expectLess(abs(loss.item(as: Double.self) - known["loss"]), 1e-7)
      let gradient = try unwrapped(known.secondGradient).tensor
      expectEqual(mismatches(try unwrapped(logits.gradient), gradient, absolute: 1e-7), [])
    }
  }

  @Test func alphaZeroMixesNothing() {
    let x = Tensor.full([2, 1], .nan), labels = Tensor(labels: [0, 1])
    let mixed = mixup(x, labels, alpha: 0)
    expectTrue(sameBits(mixed.inputs, x))
    expectEqual(mixed.fraction, 1)
  }

  @Test func whatCannotWorkIsRefused() async {
    let alpha = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = mixup(.ones([1, 1]), Tensor(labels: [0]), alpha: .nan)
    }
    expectTrue(message(alpha).contains("mixup: expected an alpha from 0 on, got nan"))
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = mixup(.ones([2, 1]), Tensor(labels: [0]), alpha: 1)
    }
    expectTrue(message(shape).contains("of one N, got [2, 1] and [1]"))
  }
}
