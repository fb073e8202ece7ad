import MoultCore
import MoultNN
import MoultTestSupport
import Synchronization
import Testing

/// Declarations that are wrong, each in its way: the first batch shows it, and the passes are those of a loop.
@Suite struct PassAuditTests {
  private let x = Tensor.randomNormal([5, 6], seed: 5)
  private let passes = 8

  /// A model of a function, behind dropout that declares rightly that it draws for rows.
  private struct Claiming: Module {
    let dropout = Dropout(0.5, stream: 0)
    let function: @Sendable (Tensor) -> Tensor
    func callAsFunction(_ x: Tensor) -> Tensor { function(dropout(x)) }
  }

  /// The passes of `predict`'s machinery, and the warnings meanwhile.
  private func sampled(_ model: some Module<Tensor, Tensor>, _ x: Tensor) -> (outputs: Tensor, warnings: [String]) {
    let warnings = Mutex<[String]>([])
    let outputs = LayerContext.receivingWarnings({ warning in warnings.withLock { $0.append(warning) } }) {
      model.sampledOutputs(x, passes: passes)
    }
    return (outputs, warnings.withLock { $0 })
  }

  private func expectLoop(
    _ model: some Module<Tensor, Tensor>, _ x: Tensor? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let x = x ?? self.x
    let wanted = model.sampling { stack((0..<passes).map { pass in withStep(pass) { model(x) } }) }
    let (outputs, warnings) = sampled(model, x)
    #expect(sameBits(outputs, wanted), sourceLocation: sourceLocation)
    #expect(warnings.count == 1, sourceLocation: sourceLocation)
    #expect(warnings.allSatisfy { $0.contains("rows of a batch are not independent") }, sourceLocation: sourceLocation)
    #expect(warnings.allSatisfy { $0.contains("flatten a matrix of weights first") }, sourceLocation: sourceLocation)
  }

  @Test func aRightDeclarationGivesNoWarning() {
    let model = Claiming { $0 * 2 }
    let wanted = model.sampling { stack((0..<passes).map { pass in withStep(pass) { model(x) } }) }
    let (outputs, warnings) = sampled(model, x)
    expectTrue(sameBits(outputs, wanted) && warnings.isEmpty)
  }

  // MARK: - The ways to be wrong

  @Test(arguments: [40, 5, 8, 7]) func aMatrixOfWeightsWithAsManyRowsAsABatch(rows: Int) {
    let weight = Tensor.randomNormal([rows, 6], seed: 1)
    expectLoop(
      Claiming { x in linear(x, weight: dropout(weight, rate: 0.5, mode: .sampling, stream: 1), bias: nil) })
  }

  /// A mask of a few units may be the right one by chance; the rows that it is for tell.
  @Test func aMatrixWhoseMasksAgreeByChance() {
    for stream in 1..<30 {
      let weight = Tensor.randomNormal([8, 1], seed: 1)
      expectLoop(
        Claiming { x in linear(x, weight: dropout(weight, rate: 0.1, mode: .sampling, stream: stream), bias: nil) },
        Tensor.ones([1, 1]))
    }
  }

  @Test func aMeanOverTheBatch() { expectLoop(Claiming { $0 - $0.mean(axis: 0) }) }

  @Test func attentionOverTheBatch() {
    expectLoop(Claiming { matmul(softmax(matmul($0, $0.transposed()), axis: -1), $0) })
  }

  /// Statistics of the batch in all modes but evaluation.
  private struct Normalizing: Module {
    let layerMode = LayerMode()
    func callAsFunction(_ x: Tensor) -> Tensor {
      if layerMode.current == .evaluation { return x }
      let centered = x - x.mean(axis: 0)
      return centered / sqrt((centered * centered).mean(axis: 0) + 1e-5)
    }
  }

  @Test func aLayerWithStatisticsOfItsOwn() { expectLoop(Sequential(Dropout(0.5, stream: 0), Normalizing())) }

  @Test func timeMajorInputs() {
    let model = Sequential(Dropout(0.5, stream: 0, batchAxis: 1))
    for samples in [3, 40] { expectLoop(model, Tensor.randomNormal([5, samples, 6], seed: 2)) }
  }

  /// A tensor that fits the rows of the input, and not those of several passes: added to these, it would stop the
  /// program.
  @Test func aCapturedTensorThatFitsTheInputAlone() {
    let offsets = Tensor.randomNormal([5, 1], seed: 3)
    expectLoop(Claiming { $0 + offsets })
  }

  /// A tensor that fits several passes: of one row it makes several.
  @Test func aCapturedTensorThatFitsABatchOfPasses() {
    let offsets = Tensor.randomNormal([8, 6], seed: 3)
    let model = Claiming { ($0 + offsets).mean(axis: 0, keepingDimensions: true) }
    expectLoop(model, x[0..<1])
  }

  @Test func randomNumbersOfTheTensorsOwn() {
    let model = Claiming { $0 + Tensor.randomNormal($0.shape) }
    let (outputs, warnings) = sampled(model, x)
    expectTrue(warnings.count == 1 && outputs.shape == [8, 5, 6])
    // Each pass draws anew, so that no two are the same where nothing is dropped either.
    expectEqual(Set(outputs[0..., 0, 0].scalars(as: Float.self)).count, 8)
  }

  /// A layer that draws for its weights, and says that it draws for rows.
  private final class Misdeclared: Module, RatedLayer {
    let weight = Parameter(.ones([40, 6]))
    let dropoutState = DropoutState(rate: 0.5, of: "Misdeclared", stream: 1)
    func callAsFunction(_ x: Tensor) -> Tensor {
      linear(x, weight: dropoutState.nextDraws()?.dropout(weight.value) ?? weight.value, bias: nil)
    }
  }

  @Test func aLayerThatDeclaresTheWrongPattern() { expectLoop(Misdeclared()) }

  @Test func aLayerThatDeclaresItsCallsIsNotAudited() {
    let (outputs, warnings) = sampled(Sequential(DropConnect(6, 4, rate: 0.5, stream: 0)), x)
    expectTrue(warnings.isEmpty && outputs[0] != outputs[1])
  }

  // MARK: - Functions

  @Test func aFunctionRunsInALoopUnlessItsCallerPromises() {
    let heights = Mutex<[Int]>([])
    func run(_ rowsAreIndependent: Bool) -> Prediction {
      heights.withLock { $0 = [] }
      return predict(x, passes: 8, as: .regression, rowsAreIndependent: rowsAreIndependent) { x in
        heights.withLock { $0.append(x.shape[0]) }
        return dropout(x, rate: 0.5, mode: .sampling, stream: 0)
      }
    }
    let loop = run(false)
    expectEqual(heights.withLock { $0 }, Array(repeating: 5, count: 8))
    let together = run(true)
    expectEqual(heights.withLock { $0 }, [1, 40])
    expectTrue(sameBits(loop.mean, together.mean) && sameBits(loop.variance, together.variance))
  }

  @Test func aPromiseThatIsBrokenIsFoundToo() {
    let warnings = Mutex(0)
    func mean(_ rowsAreIndependent: Bool) -> Tensor {
      predict(x, passes: 8, as: .regression, rowsAreIndependent: rowsAreIndependent) { x in
        let dropped = dropout(x, rate: 0.5, mode: .sampling, stream: 0)
        return dropped - dropped.mean(axis: 0)
      }.mean
    }
    let broken = LayerContext.receivingWarnings({ _ in warnings.withLock { $0 += 1 } }) { mean(true) }
    expectTrue(warnings.withLock { $0 } == 1 && sameBits(broken, mean(false)))
  }

  /// In a loop over several batches a matrix of weights has the same masks in each.
  @Test func aLoopKnowsWhatHasNoRowsOfTheInput() {
    let weight = Tensor.randomNormal([4, 6], seed: 1), x = Tensor.randomNormal([7, 6], seed: 5)
    func outputs(_ batchSize: Int) -> Prediction {
      predict(x, passes: 8, as: .regression, batchSize: batchSize) {
        linear($0, weight: dropout(weight, rate: 0.5, mode: .sampling, stream: 1), bias: nil)
      }
    }
    let whole = outputs(7)
    for batchSize in [2, 4] { expectTrue(sameBits(outputs(batchSize).mean, whole.mean), "\(batchSize) rows at once") }
  }
}
