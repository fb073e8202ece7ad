import MoultCore
import MoultNN
import MoultTestSupport
import Synchronization
import Testing

/// Passes of a function, in a loop and together: the predictions are the same bits.
@Suite struct PassRunnerFunctionTests {
  /// The result of `body`, and how many audits failed in it.
  private func countingWarnings<R>(_ body: () -> R) -> (result: R, warnings: Int) {
    let count = Mutex(0)
    let result = LayerContext.receivingWarnings({ _ in count.withLock { $0 += 1 } }) { body() }
    return (result, count.withLock { $0 })
  }

  // MARK: - Functions whose rows are not independent

  /// A matrix with as many rows as there are passes, or as a pass-major batch has, has no rows of the input; nor has it
  /// where the input is split into row blocks.
  @Test(arguments: [1, 2, 11, 40], [false, true])
  func aMatrixWithARowForEachPassIsDroppedAsInALoop(rows: Int, rowsAreIndependent: Bool) {
    let x = Tensor.randomNormal([rows, 6], seed: 5), weight = Tensor.randomNormal([128, 6], seed: 1)
    func output(_ x: Tensor) -> Tensor {
      linear(x, weight: dropout(weight, rate: 0.5, mode: .sampling, stream: 0), bias: nil)
    }
    let passes = (0..<64).map { pass in withStep(pass) { output(x) } }
    let (prediction, warnings) = countingWarnings {
      predict(x, passes: 64, as: .regression, rowsAreIndependent: rowsAreIndependent) { output($0) }
    }
    expectTrue(prediction.variance.scalars(as: Float.self).allSatisfy { $0 > 0 })
    expectTrue(mismatches(prediction.mean, stack(passes).mean(axis: 0), absolute: 1e-5).isEmpty)
    expectEqual(warnings, rowsAreIndependent ? 1 : 0)
  }

  /// A few units may agree by chance under the masks of another pass and sample: rows must be counted too.
  @Test(arguments: [false, true]) func aMatrixWhoseMasksAgreeByChanceIsFound(rowsAreIndependent: Bool) {
    let x = Tensor.ones([1, 1]), weight = Tensor.randomNormal([10, 1], seed: 1)
    for stream in 0..<30 {
      let (prediction, warnings) = countingWarnings {
        predict(x, passes: 10, as: .regression, rowsAreIndependent: rowsAreIndependent) {
          linear($0, weight: dropout(weight, rate: 0.1, mode: .sampling, stream: stream), bias: nil)
        }
      }
      let passes = stack(
        (0..<10).map { pass in withStep(pass) { dropout(weight, rate: 0.1, mode: .sampling, stream: stream) } })
      expectTrue(
        mismatches(prediction.mean, passes.mean(axis: 0).reshaped([1, 10]), absolute: 1e-5).isEmpty, "\(stream)")
      expectEqual(warnings, rowsAreIndependent ? 1 : 0, "\(stream)")
    }
  }

  /// Where masks are recorded, the passes run in a loop, here over several batches.
  @Test(arguments: [false, true]) func aMatrixIsFoundWhileMasksAreRecordedToo(rowsAreIndependent: Bool) {
    let x = Tensor.randomNormal([11, 6], seed: 5), weight = Tensor.randomNormal([64, 6], seed: 1)
    func mean(batchSize: Int?) -> Tensor {
      predict(x, passes: 100, as: .regression, batchSize: batchSize, rowsAreIndependent: rowsAreIndependent) {
        linear($0, weight: dropout(weight, rate: 0.5, mode: .sampling, stream: 0), bias: nil)
      }.mean
    }
    let (recorded, warningsOfRecorded) = countingWarnings { recordingMasks { mean(batchSize: 4) }.0 }
    let (plain, warnings) = countingWarnings { mean(batchSize: 4) }
    let (whole, _) = countingWarnings { mean(batchSize: nil) }
    expectTrue(sameBits(recorded, plain) && sameBits(recorded, whole))
    expectTrue(warningsOfRecorded == 0 && warnings == (rowsAreIndependent ? 1 : 0))
  }

  // MARK: - Functions whose rows are independent

  /// Layers that are made inside the function have no number of their own.
  @Test(arguments: [false, true]) func layersWithoutANumberDrawTheSameInEveryBatch(rowsAreIndependent: Bool) {
    let x = Tensor.ones([9, 40])
    func mean(_ batchSize: Int, _ rowsAreIndependent: Bool) -> Tensor {
      withSeed(3) {
        predict(x, passes: 10, as: .regression, batchSize: batchSize, rowsAreIndependent: rowsAreIndependent) {
          Dropout(0.5)($0) + Dropout(0.2)($0)
        }.mean
      }
    }
    let wanted = mean(10_000, false)
    for batchSize in [4, 10, 25, 10_000] {
      let (got, warnings) = countingWarnings { mean(batchSize, rowsAreIndependent) }
      expectTrue(sameBits(got, wanted) && warnings == 0, "\(batchSize) rows at once")
    }
  }

  /// An unnumbered layer keeps the number that it took; functional calls after it must not take the same.
  @Test(arguments: [false, true]) func unnumberedLayersAndFunctionsShareNoMasks(rowsAreIndependent: Bool) {
    let layer = Dropout(0.5)
    let (mean, warnings) = countingWarnings {
      withSeed(7) {
        predict(.ones([4, 8]), passes: 1_000, as: .regression, rowsAreIndependent: rowsAreIndependent) {
          dropout(layer($0), rate: 0.5, mode: .sampling)
        }.mean
      }
    }
    // 32 means of 1000 values that are 4 with a probability of 1/4: a standard error of 0.01.
    expectTrue(abs(mean.mean().item() - 1) < 0.05 && warnings == 0)
  }

  /// Without a stream each functional call has masks of its own, the same however rows are split and in a later call of
  /// `predict`.
  @Test(arguments: [false, true]) func functionalDropoutNeedsNoStream(rowsAreIndependent: Bool) {
    let x = Tensor.ones([9, 40])
    func mean(_ batchSize: Int?, _ rowsAreIndependent: Bool) -> Tensor {
      withSeed(3) {
        predict(x, passes: 10, as: .regression, batchSize: batchSize, rowsAreIndependent: rowsAreIndependent) {
          let kept = dropout($0, rate: 0.5, mode: .sampling)
          return concatenate([kept, dropout($0, rate: 0.5, mode: .sampling)], axis: 1)
        }.mean
      }
    }
    let wanted = mean(nil, false)
    expectNotEqual(wanted[0..., 0..<40], wanted[0..., 40..<80])
    for batchSize in [1, 4, 10, 25, nil] {
      let (got, warnings) = countingWarnings { mean(batchSize, rowsAreIndependent) }
      expectTrue(sameBits(got, wanted) && warnings == 0, "batchSize \(String(describing: batchSize))")
    }
    withSeed(3) {
      func anotherMean() -> Tensor {
        predict(x, passes: 10, as: .regression, rowsAreIndependent: rowsAreIndependent) {
          dropout($0, rate: 0.5, mode: .sampling)
        }.mean
      }
      expectTrue(sameBits(anotherMean(), anotherMean()))
    }
  }
}
