import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct CalibrationTests {
  private let known: UncertaintyReference.Calibration
  private var labels: Tensor { Tensor(labels: known.labels) }

  init() throws { known = try UncertaintyReference.load().calibration }

  @Test func binsAndErrorsAreNumPys() {
    let diagram = ReliabilityDiagram(known.probabilities.tensor, labels, bins: 10)
    for (bin, wanted) in zip(diagram.bins, known.bins) {
      expectEqual(bin.count, Int(wanted[0]))
      if bin.count > 0 { expectTrue(abs(bin.confidence - wanted[1]) < 1e-12 && abs(bin.accuracy - wanted[2]) < 1e-12) }
    }
    expectTrue(diagram.bins.map(\.count).reduce(0, +) == 400 && diagram.bins.count == 10)
    expectLess(abs(diagram.expectedCalibrationError - known.expectedCalibrationError), 1e-12)
    expectLess(abs(diagram.maximumCalibrationError - known.maximumCalibrationError), 1e-12)
  }

  @Test func edgesBelongToTheBinBelow() {
    let diagram = ReliabilityDiagram(
      Tensor([0.5, 0.5, 1, 0] as [Double], shape: [2, 2]), Tensor(labels: [0, 0]), bins: 2)
    expectEqual(diagram.bins.map(\.count), [1, 1])
    expectTrue(diagram.bins[0].confidence == 0.5 && diagram.bins[1].accuracy == 1)
    // 0.55 · 100 is a little more than 55.
    for hundredths in 50...99 {
      let confidence = Double(hundredths) / 100
      let fine = ReliabilityDiagram(
        Tensor([confidence, 1 - confidence], shape: [1, 2]), Tensor(labels: [0]), bins: 100)
      expectEqual(fine.bins[hundredths - 1].count, 1, "\(confidence)")
    }
  }

  @Test func whatIsAboveAnEdgeBelongsToTheBinAbove() {
    let confidence = (1.0 / 3).nextUp, rest = (1 - confidence) / 2
    let diagram = ReliabilityDiagram(
      Tensor([confidence, rest, rest], shape: [1, 3]), Tensor(labels: [0]), bins: 3)
    expectEqual(diagram.bins.map(\.count), [0, 1, 0])
  }

  @Test func diagramsOfTheSameSamplesAreEqual() {
    let one = ReliabilityDiagram(known.probabilities.tensor, labels)
    expectTrue(one.bins.contains { $0.count == 0 } && one == ReliabilityDiagram(known.probabilities.tensor, labels))
    expectNotEqual(one, ReliabilityDiagram(known.probabilities.tensor, labels, bins: 14))
  }

  @Test func scoresAreThoseOfScikitLearn() {
    expectLess(abs(brierScore(known.probabilities.tensor, labels) - known.brier), 1e-12)
    expectLess(abs(negativeLogLikelihood(known.probabilities.tensor, labels) - known.negativeLogLikelihood), 1e-12)
    expectEqual(brierScore(Tensor([[0, 1]]), Tensor(labels: [0])), 2)
    expectEqual(negativeLogLikelihood(Tensor([[0, 1]]), Tensor(labels: [0])), .infinity)
    expectEqual(negativeLogLikelihood(Tensor([[-1e-7, 1]]), Tensor(labels: [0])), .infinity)
  }

  @Test func theTemperatureIsSciPys() {
    let scaling = TemperatureScaling(fitting: known.logits.tensor, labels)
    expectLess(abs(scaling.temperature - known.temperature), 1e-6)
    let before = ReliabilityDiagram(known.probabilities.tensor, labels).expectedCalibrationError
    let after = ReliabilityDiagram(softmax(scaling(known.logits.tensor)), labels).expectedCalibrationError
    expectLess(after, before / 2)
  }

  @Test func temperaturesStayInTheirRange() {
    let logits = Tensor([[2, 0], [0, 2]])
    expectEqual(
      TemperatureScaling(fitting: logits, Tensor(labels: [0, 1])).temperature, TemperatureScaling.range.lowerBound)
    expectEqual(
      TemperatureScaling(fitting: logits, Tensor(labels: [1, 0])).temperature, TemperatureScaling.range.upperBound)
    // Right three times in four: softmax([2 / T, 0]) = 3 / 4 at 2 / T = log 3.
    let mixed = TemperatureScaling(
      fitting: Tensor([[2, 0], [2, 0], [2, 0], [2, 0]]), Tensor(labels: [0, 0, 0, 1]))
    expectLess(abs(mixed.temperature - 2 / 1.0986122886681098), 1e-9)
    // Logits so large that a plain Newton step from 1 would leave the range.
    let large = TemperatureScaling(
      fitting: Tensor([[300, 0], [300, 0], [300, 0], [300, 0]]), Tensor(labels: [0, 0, 0, 1]))
    expectLess(abs(large.temperature - 300 / 1.0986122886681098), 1e-6)
  }

  @Test func riskFallsWithCoverage() {
    let curve = RiskCoverage(uncertainty: known.uncertainty.tensor, losses: known.losses.tensor)
    expectLess(abs(curve.areaUnderCurve - known.areaUnderRiskCoverage), 1e-12)
    expectTrue(curve.coverages.last == 1 && abs(curve.risk(atCoverage: 1) - curve.risks[399]) < 1e-15)
    let small = RiskCoverage(uncertainty: Tensor([0.3, 0.1, 0.2, 0.4]), losses: Tensor([1, 0, 0, 1]))
    expectEqual(small.risks, [0, 0, 1.0 / 3, 0.5])
    expectTrue(small.risk(atCoverage: 0.5) == 0 && small.risk(atCoverage: 0.51) == 1.0 / 3)
    expectTrue(small.coverage(atRisk: 0.4) == 0.75 && small.coverage(atRisk: 0) == 0.5)
    expectEqual(RiskCoverage(uncertainty: Tensor([1, 1]), losses: Tensor([1, 0])).risks, [0.5, 0.5])
    // Neither products such as 0.07 · 100 nor sums of equal means may be off by a bit.
    let hundred = RiskCoverage(
      uncertainty: .arange(100), losses: Tensor((0..<100).map { $0 % 7 == 0 ? 1 : 0 } as [Double], shape: [100]))
    expectEqual(hundred.coverages.map { hundred.risk(atCoverage: $0) }, hundred.risks)
    let tied = RiskCoverage(
      uncertainty: .ones([30]), losses: Tensor((0..<30).map { $0 < 3 ? 1 : 0 } as [Double], shape: [30]))
    expectTrue(tied.risks.last == 0.1 && tied.coverage(atRisk: 0.1) == 1)
  }

  @Test func areasAreThoseOfScikitLearn() {
    let (scores, wrong) = (
      known.uncertainty.tensor.scalars(as: Double.self), known.losses.tensor.scalars(as: Double.self)
    )
    func part(_ value: Double) -> Tensor {
      let own = zip(scores, wrong).filter { $0.1 == value }.map(\.0)
      return Tensor(own, shape: [own.count])
    }
    expectLess(abs(areaUnderROC(of: part(1), over: part(0)) - known.areaUnderROC), 1e-12)
    expectEqual(areaUnderROC(of: Tensor([2, 3]), over: Tensor([0, 1])), 1)
    expectEqual(areaUnderROC(of: Tensor([1, 1]), over: Tensor([1])), 0.5)
  }

  @Test func nonsenseIsRefused() async {
    let logits = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = brierScore(Tensor([[2, -1]]), Tensor(labels: [0]))
    }
    expectTrue(message(logits).contains("brierScore: expected probabilities in 0...1, got others; softmax makes them"))
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ReliabilityDiagram(Tensor([[0.5, 0.5]]), Tensor(labels: [2]))
    }
    expectTrue(message(label).contains("ReliabilityDiagram: expected labels in 0..<2, got 2"))
    let order = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = areaUnderROC(of: Tensor([.nan]), over: Tensor([1]))
    }
    expectTrue(message(order).contains("areaUnderROC: expected scores, got NaN"))
  }
}
