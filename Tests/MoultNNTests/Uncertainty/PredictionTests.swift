import MoultCore
import MoultNN
import MoultTestSupport
import Synchronization
import Testing

/// A model that gives one output after the other.
private final class Playback: Module {
  let outputs: [Tensor]
  private let next = Mutex(0)

  init(_ outputs: [Tensor]) { self.outputs = outputs }

  /// The parts of `[T, N, ...]` along its first axis.
  convenience init(_ passes: Tensor) { self.init((0..<passes.shape[0]).map { passes[$0] }) }

  func callAsFunction(_ x: Tensor) -> Tensor {
    outputs[
      next.withLock { next in
        defer { next += 1 }
        return next
      }]
  }

  func played(as task: LearningTask, targets: ObservedTargets? = nil) -> Prediction {
    // A function runs in a loop, and in one batch nothing is run besides: each output is played once.
    MoultNN.predict(.zeros([outputs[0].shape[0], 1]), passes: outputs.count, as: task, targets: targets) { self($0) }
  }
}

private func expect(_ got: Tensor, _ wanted: ReferenceTensor?, _ at: SourceLocation = #_sourceLocation) {
  guard let wanted else {
    Issue.record("the reference lacks it", sourceLocation: at)
    return
  }
  #expect(mismatches(got, wanted.tensor, absolute: 1e-12, relative: 1e-12).isEmpty, sourceLocation: at)
}

/// Whether all elements are NaN.
private func isNothing(_ tensor: Tensor) -> Bool { !tensor.scalars(as: Float.self).contains { !$0.isNaN } }

@Suite struct PredictionTests {
  // MARK: - Known answers

  @Test func aClassificationIsWhatNumPyMakesOfThePasses() throws {
    let known = try UncertaintyReference.load().classification
    let answer = Playback(known.passes.tensor).played(as: .classification)
    expect(answer.mean, known.mean)
    expect(answer.variance, known.variance)
    expect(answer.standardError, known.standardError)
    expect(answer.entropy, known.entropy)
    expect(answer.expectedEntropy, known.expectedEntropy)
    expect(answer.mutualInformation, known.mutualInformation)
    expectTrue(answer.requestedPasses == 7 && answer.passes == [7, 7, 7, 7, 7])
  }

  @Test func certaintyIsZeroAndNotBelow() {
    let answer = Playback(Tensor([1000, 0, 0, 1000] as [Float], shape: [2, 1, 2])).played(as: .classification)
    let sure = Playback(Tensor([1000, 0, 1000, 0] as [Float], shape: [2, 1, 2])).played(as: .classification)
    expectTrue(sure.entropy.scalars(as: Float.self).map(\.sign) == [.plus] && sure.entropy[0].item() as Float == 0)
    expectGreater(answer.entropy.scalars(as: Double.self)[0], 0.69)
  }

  @Test func aRegressionIsWhatNumPyMakesOfThePasses() throws {
    let known = try UncertaintyReference.load().regression
    let targets = try unwrapped(known.targets), precision = try unwrapped(known.precision)
    let answer = Playback(known.passes.tensor).played(
      as: .regression, targets: ObservedTargets(targets.tensor, noise: .precision(precision)))
    expect(answer.mean, known.mean)
    expect(answer.variance, known.variance)
    expect(answer.standardError, known.standardError)
    expect(answer.predictiveVariance(noisePrecision: precision), known.predictiveVariance)
    expect(answer.logLikelihood, known.logLikelihood)
  }

  @Test func aHeteroscedasticRegressionIsWhatNumPyMakesOfThePasses() throws {
    let known = try UncertaintyReference.load().heteroscedastic
    let targets = try unwrapped(known.targets)
    let answer = Playback(known.passes.tensor).played(
      as: .heteroscedasticRegression, targets: ObservedTargets(targets.tensor, noise: .predicted))
    expect(answer.mean, known.mean)
    expect(answer.variance, known.variance)
    expect(answer.standardError, known.standardError)
    expect(answer.noiseVariance, known.noiseVariance)
    expect(answer.logLikelihood, known.logLikelihood)
    expectEqual(answer.predictiveVariance, answer.variance + answer.noiseVariance)
  }

  // MARK: - Edges

  /// Noise whose variance or precision is beyond Float32.
  @Test func likelihoodsOfAlmostNoAndVeryMuchNoiseAreFinite() {
    for (logVariance, wanted) in [(90.0, -45.918939), (-110, 54.081061)] {
      let passes = [Tensor([[0, Float(logVariance)]]), Tensor([[0, Float(logVariance)]])]
      let answer = Playback(passes).played(
        as: .heteroscedasticRegression, targets: ObservedTargets(.zeros([1, 1]), noise: .predicted))
      expectTrue(isClose(answer.logLikelihood, [wanted], tolerance: 1e-4), "\(answer.logLikelihood)")
    }
  }

  @Test func passesThatAgreeBitForBitHaveNothingToDisagreeAbout() {
    let pass = Tensor.randomNormal([50, 7], seed: 3)
    let answer = Playback([pass, pass, pass]).played(as: .classification)
    expectTrue(answer.mutualInformation == .zeros([50]) && answer.variance == .zeros([50, 7]))
  }

  /// Two sure passes that contradict each other: all uncertainty is disagreement.
  @Test func contradictionIsMutualInformation() {
    let passes = [[200, 0], [0, 200]].map { Tensor($0 as [Double], shape: [1, 2]) }
    let prediction = Playback(passes).played(as: .classification)
    let logTwo = 0.6931471805599453
    expectTrue(isClose(prediction.mean, [0.5, 0.5]))
    expectTrue(isClose(prediction.variance, [0.25, 0.25]))
    expectTrue(isClose(prediction.entropy, [logTwo]) && isClose(prediction.expectedEntropy, [0]))
    expectTrue(isClose(prediction.mutualInformation, [logTwo]))
  }

  /// Two passes that agree to be unsure: no training would help.
  @Test func agreedDoubtIsNot() {
    let passes = [[5, 5, 5, 5], [5, 5, 5, 5]].map { Tensor($0 as [Double], shape: [1, 4]) }
    let prediction = Playback(passes).played(as: .classification)
    expectTrue(isClose(prediction.entropy, [2 * 0.6931471805599453]))
    expectTrue(isClose(prediction.mutualInformation, [0]))
    expectEqual(prediction.variance, .zeros([1, 4], dtype: .float64))
  }

  @Test func impossibleClassesHaveNoEntropy() {
    let output = Tensor([0, -.infinity] as [Double], shape: [1, 2])
    let prediction = Playback([output]).played(as: .classification)
    expectTrue(isClose(prediction.entropy, [0]))
    expectTrue(isClose(prediction.mutualInformation, [0]))
  }

  @Test func onePassCannotTellItsStandardError() {
    let prediction = Playback([Tensor([1, 2] as [Double], shape: [2, 1])]).played(as: .regression)
    expectEqual(prediction.variance, .zeros([2, 1], dtype: .float64))
    expectTrue(isNothing(prediction.standardError))
  }

  @Test func aModelThatSaysNaNIsNotCertain() {
    struct Broken: Module {
      func callAsFunction(_ x: Tensor) -> Tensor { x * .nan }
    }
    let answer = Broken().predict(.ones([2, 3]), passes: 40, until: 0.1)
    expectTrue(isNothing(answer.entropy))
    expectEqual(answer.passes, [40, 40])
    let targets = ObservedTargets(.ones([2, 3]), noise: .precision(1))
    let likelihood = Broken().predict(.ones([2, 3]), passes: 3, as: .regression, targets: targets).logLikelihood
    expectTrue(isNothing(likelihood))
  }

  @Test func whatATaskDoesNotSayIsRefused() async {
    let entropy = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), passes: 2, as: .regression).entropy
    }
    expectTrue(
      message(entropy).contains("Prediction.entropy: expected a classification, got a regression; use variance"))
    let noise = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), passes: 2, as: .regression).noiseVariance
    }
    expectTrue(
      message(noise).contains("Prediction.noiseVariance: expected a heteroscedastic regression, got regression"))
    let likelihood = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(.ones([3, 2]), passes: 2, as: .regression).logLikelihood
    }
    expectTrue(message(likelihood).contains("Prediction.logLikelihood: expected targets, got none"))
  }

  @Test func targetsThatDoNotFitAreRefused() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(
        .ones([3, 2]), passes: 2, as: .regression, targets: ObservedTargets(.ones([3]), noise: .precision(1)))
    }
    expectTrue(message(shape).contains("predict: expected targets: [N] + [1], got [3]; nothing is broadcast"))
    let noise = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(2, 1).predict(
        .ones([3, 2]), passes: 2, as: .regression, targets: ObservedTargets(.ones([3, 1]), noise: .predicted))
    }
    expectTrue(message(noise).contains("predict: expected targets with a precision for a regression"))
    let precision = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ObservedTargets(.ones([3, 1]), noise: .precision(0))
    }
    expectTrue(message(precision).contains("ObservedTargets: expected a precision above 0, got 0.0"))
  }

  @Test func membersOfAnEnsembleMustAgreeOnTheOutput() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = predict(.ones([3, 4]), ensemble: [Linear(4, 10), Linear(4, 5)])
    }
    expectTrue(message(result).contains("predict: expected rows of shape [10] as in the passes before, got [5]"))
  }
}
