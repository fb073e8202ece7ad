import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// What holds for every variant of dropout: one suite over the registry.
@Suite struct EveryVariantTests {
  typealias Layer = any Module<Tensor, Tensor>

  /// A layer of a variant, numbered as the first of its model.
  private static func layer(_ trial: VariantTrial, _ rate: Double, _ dtype: DType = .float32) -> Layer {
    withSeed(3) {
      let layer = trial.make(rate, dtype)
      layer.train()
      return layer
    }
  }

  /// The layer for an input of `momentShape`.
  private static func large(_ trial: VariantTrial, _ rate: Double) -> Layer {
    guard let make = trial.makeLarge else { return layer(trial, rate) }
    return withSeed(3) {
      let layer = make(rate)
      layer.train()
      return layer
    }
  }

  /// One use, with everything that its masks depend on.
  private static func run(_ layer: Layer, _ x: Tensor, seed: UInt64 = 7, step: Int = 2, firstSample: Int = 0) -> Tensor
  {
    withSeed(seed) { withStep(step, firstSample: firstSample) { layer(x) } }
  }

  private static func input(_ trial: VariantTrial, _ dtype: DType = .float32) -> Tensor {
    samples(trial.shape, in: 1..<2, dtype: dtype)
  }

  // MARK: - Modes

  @Test(arguments: DropoutVariant.tried) func evaluationDrawsNothingAndIsTheIdentityWhereItShouldBe(
    variant: TriedVariant
  ) {
    let trial = variant.trial
    for rate in trial.rates {
      let layer = Self.layer(trial, rate), x = Self.input(trial)
      layer.eval()
      let (y, masks) = recordingMasks { layer(x) }
      expectTrue(sameBits(y, layer(x)) && masks.count == 0)
      switch trial.evaluation {
      case .identity: expectTrue(sameBits(y, x))
      case .rateZero: expectTrue(sameBits(y, Self.run(Self.layer(trial, 0), x)))
      case .ownFormula: expectTrue(!sameBits(y, Self.run(Self.layer(trial, rate), x)))
      }
    }
  }

  // MARK: - Keys

  @Test(arguments: DropoutVariant.tried) func equalKeysGiveEqualMasksAndOthersDifferent(variant: TriedVariant) {
    let trial = variant.trial, layer = Self.layer(trial, 0.5), x = Self.input(trial), y = Self.run(layer, x)
    expectTrue(sameBits(Self.run(layer, x), y))
    expectTrue(sameBits(Self.run(Self.layer(trial, 0.5), x), y), "another layer with the same number")
    expectTrue(!sameBits(Self.run(layer, x, step: 3), y))
    expectTrue(!sameBits(Self.run(layer, x, seed: 8), y))
    expectTrue(!sameBits(layer.sampling { Self.run(layer, x) }, y))
    let twice = withSeed(7) { withStep(2) { (layer(x), layer(x)) } }
    expectTrue(sameBits(twice.0, y) && !sameBits(twice.1, y))
  }

  @Test(arguments: DropoutVariant.tried) func batchSplitsChangeNothing(variant: TriedVariant) {
    let trial = variant.trial, layer = Self.layer(trial, 0.5), x = Self.input(trial), y = Self.run(layer, x)
    guard trial.hasSamples else {
      expectTrue(sameBits(Self.run(layer, x, firstSample: 3), y), "no samples, but the first sample counts")
      return
    }
    for split in [1, 3, 5] {
      let first = Self.run(layer, x[0..<split])
      let second = Self.run(layer, x[split..<x.shape[0]], firstSample: split)
      expectTrue(sameBits(concatenate([first, second]), y), "split at \(split)")
    }
  }

  /// A layer that knows its batch axis draws for the transpose what it draws for the matrix.
  @Test func theBatchAxisNamesTheSamples() {
    let layers: [(Int) -> Layer] = [
      { Dropout(0.5, stream: 0, batchAxis: $0) }, { Dropout(0.5, sharing: .groups(of: 2), stream: 0, batchAxis: $0) },
      { AlphaDropout(0.5, stream: 0, batchAxis: $0) }, { GaussianDropout(0.5, stream: 0, batchAxis: $0) },
      { GaussianNoise(0.5, stream: 0, batchAxis: $0) }, { ConcreteDropout(0.5, stream: 0, batchAxis: $0) },
      { VariationalDropout(0.5, stream: 0, batchAxis: $0) },
    ]
    let x = samples([6, 40], in: 1..<2, dtype: .float32)
    for make in layers {
      let y = Self.run(make(0), x, firstSample: 3)
      expectTrue(y != x && Self.run(make(1), x.transposed(), firstSample: 3) == y.transposed(), "\(type(of: make(0)))")
    }
  }

  @Test(arguments: DropoutVariant.tried) func threadsChangeNothing(variant: TriedVariant) {
    let trial = variant.trial, layer = Self.large(trial, 0.5), x = Tensor.ones(trial.momentShape)
    let results = ProcessSettings.underThreadCounts([1, 3]) { Self.run(layer, x) }
    expectTrue(results.allSatisfy { sameBits($0.result, results[0].result) })
  }

  @Test(arguments: DropoutVariant.tried) func instructionSetsChangeNothing(variant: TriedVariant) {
    let trial = variant.trial
    for rate in [0.3, 0.5] {
      let small = (Self.layer(trial, rate), Self.input(trial))
      for (layer, x) in [small, (Self.large(trial, rate), Tensor.ones(trial.momentShape))] {
        let results = ProcessSettings.underEveryInstructionSet { Self.run(layer, x) }
        expectTrue(results.allSatisfy { sameBits($0.result, results[0].result) }, "rate \(rate), \(x.shape)")
      }
    }
  }

  // MARK: - Gradients

  @Test(arguments: DropoutVariant.tried) func backwardUsesTheMaskOfTheForwardPass(variant: TriedVariant) {
    let trial = variant.trial
    guard trial.isDiagonal else { return }
    for rate in trial.rates {
      let layer = Self.layer(trial, rate), x = Self.input(trial).requiringGradient()
      let y = Self.run(layer, x, firstSample: 4)
      _ = (layer(x), Self.run(layer, x, step: 9))
      let upstream = Tensor.randomNormal(trial.shape, seed: 5)
      withSeed(99) { withStep(1) { y.backward(gradient: upstream) } }
      let wanted = withGradients(false) { Self.run(layer, upstream, firstSample: 4) }
      expectEqual(x.gradient.map { sameBits($0, wanted) }, true, "rate \(rate)")
    }
  }

  @Test(arguments: DropoutVariant.tried) func gradientsUnderAFrozenMask(variant: TriedVariant) {
    let trial = variant.trial
    let wide = Self.layer(trial, 0.5, .float64), narrow = Self.layer(trial, 0.5)
    let errors = gradientErrors(variant.testDescription, at: [samples(trial.shape, in: 1..<2)]) { x in
      Self.run(x[0].dtype == .float64 ? wide : narrow, x[0])
    }
    expectEqual(errors, [])
  }

  // MARK: - Rates

  @Test(arguments: DropoutVariant.tried) func rateZeroDrawsNothing(variant: TriedVariant) {
    if variant.isRateLearned { return }  // `ratesThatAreNoneAreRefused` below
    let layer = Self.layer(variant.trial, 0), x = Self.input(variant.trial)
    let (y, masks) = recordingMasks { layer(x) }
    expectEqual(masks.count == 0, !variant.trial.drawsAtRateZero)
    if variant.trial.evaluation == .identity { expectTrue(sameBits(y, x)) }
  }

  @Test(arguments: DropoutVariant.tried) func rateOneIsFiniteOrZeros(variant: TriedVariant) {
    let trial = variant.trial
    switch trial.atRateOne {
    case .zeros:
      let x = Tensor.full(trial.shape, .nan).requiringGradient(), y = Self.run(Self.layer(trial, 1), x)
      expectTrue(y.scalars(as: Float.self).allSatisfy { $0 == 0 })
      y.backward(gradient: .full(y.shape, .nan))
      expectEqual(x.gradient, .zeros(trial.shape))
    case .finite:
      let x = Self.input(trial).requiringGradient(), y = Self.run(Self.layer(trial, 1), x)
      y.backward(gradient: .ones(y.shape))
      let gradient = x.gradient ?? .full([1], .nan)
      expectTrue([y, gradient].allSatisfy { $0.scalars(as: Float.self).allSatisfy { $0.isFinite } })
    case .refused: break  // `ratesThatAreNoneAreRefused` below
    }
  }

  // Exit tests take values from outside since Swift 6.3.
  #if compiler(>=6.3)
    @Test(arguments: DropoutVariant.tried) func ratesThatAreNoneAreRefused(variant: TriedVariant) async {
      // As text, since JSON, which takes values to the other process, has no NaN.
      var refused = [(rate: "nan", text: "got nan"), (rate: "-0.5", text: "got -0.5")]
      if variant.isRateLearned { refused.append((rate: "0", text: "got 0.0")) }
      if case .refused(let text) = variant.trial.atRateOne { refused.append((rate: "1", text: text)) }
      for (rate, text) in refused {
        let name = variant.testDescription
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
          [name = name as String, rate = rate as String] in
          TriedVariant.use(name, rate: Double(rate) ?? 0)
        }
        expectTrue(message(result).contains(text) && message(result).contains(variant.trial.label))
      }
    }
  #endif

  // MARK: - Which elements share a mask

  /// Over 64 steps, elements that share a unit always have the same value, and no two others have: chance would make
  /// two of them equal with probability 2^-64.
  @Test(arguments: DropoutVariant.tried) func exactlyTheElementsOfAUnitAreDroppedTogether(variant: TriedVariant) {
    guard let sharing = variant.trial.sharing else { return }
    let shape = variant.trial.shape, layer = Self.layer(variant.trial, 0.5), x = Tensor.ones(shape)
    let steps = (0..<64).map { Self.run(layer, x, step: $0).scalars(as: Float.self) }
    var histories: [[Int]: [Float]] = [:]
    for element in 0..<x.count {
      let history = steps.map { $0[element] }
      let unit = unit(of: element, shape, sharing)
      if let known = histories[unit] {
        expectEqual(history, known, "element \(element) of \(shape)")
      } else {
        histories[unit] = history
      }
    }
    expectEqual(Set(histories.values).count, histories.count)
  }

  private func unit(of element: Int, _ shape: [Int], _ sharing: MaskSharing) -> [Int] {
    var rest = element, index = shape
    for axis in shape.indices.reversed() { (rest, index[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis]) }
    let shared: [Int]
    switch sharing {
    case .elementwise: shared = []
    case .channels: shared = Array(shape.indices.dropFirst(2))
    case .batch: shared = [0]
    case .groups(let count):
      index[0] /= count
      shared = []
    case .time(let axis): shared = [axis]
    case .axes(let axes): shared = axes.map { $0 < 0 ? $0 + shape.count : $0 }
    }
    return shape.indices.filter { !shared.contains($0) }.map { index[$0] }
  }

  // MARK: - Moments

  /// Power: at 2^22 units a rate that is wrong by 0.002 is found with probability above 0.99.
  @Test(arguments: DropoutVariant.tried) func firstAndSecondMomentsAreWithinFiveStandardErrors(variant: TriedVariant) {
    let trial = variant.trial
    guard let moments = trial.moments else { return }
    for rate in trial.rates {
      let layer = Self.large(trial, rate)
      let y = withGradients(false) { Self.run(layer, .ones(trial.momentShape)) }
      let sums = powerSums(y), count = Double(y.count), independent = count / trial.copies(rate)
      let (mean, square, fourth) = (sums.0 / count, sums.1 / count, sums.2 / count)
      let wanted = moments(rate)
      let meanError = (wanted.variance / independent).squareRoot()
      let squareError = ((fourth - square * square) / independent).squareRoot()
      expectLess(abs(mean - wanted.mean), 5 * meanError, "rate \(rate)")
      expectLess(abs(square - wanted.variance - wanted.mean * wanted.mean), 5 * squareError + 1e-6, "rate \(rate)")
    }
  }

  private func powerSums(_ y: Tensor) -> (Double, Double, Double) {
    var sums = (0.0, 0.0, 0.0)
    for value in y.scalars(as: Float.self) {
      let square = Double(value) * Double(value)
      sums.0 += Double(value)
      sums.1 += square
      sums.2 += square * square
    }
    return sums
  }
}

/// A variant with what the suite knows of it.
struct TriedVariant: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let isRateLearned: Bool
  let trial: VariantTrial

  /// Makes the variant called `name` and uses it once.
  static func use(_ name: String, rate: Double) {
    guard let trial = DropoutVariant.tried.first(where: { $0.testDescription == name })?.trial else { return }
    let layer = trial.make(rate, .float32)
    _ = layer(.ones(trial.shape))
  }
}

extension DropoutVariant {
  /// Every variant that the suite can try out.
  static let tried = all.compactMap { variant in
    variant.trial.map { TriedVariant(testDescription: variant.name, isRateLearned: variant.isRateLearned, trial: $0) }
  }
}
