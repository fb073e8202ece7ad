import MoultCore
import MoultNN
import Synchronization
import MoultTestSupport
import Testing

/// What the suite over all variants takes for granted of each trial, and the layer that it makes of a function.
@Suite struct VariantTrialTests {
  /// A trial that promised less would make EveryVariantTests prove less, or nothing.
  @Test(arguments: DropoutVariant.tried) func aTrialIsLargeEnoughToProveSomething(variant: TriedVariant) {
    let trial = variant.trial
    expectTrue(trial.shape[0] >= 6 && trial.shape.allSatisfy { $0 > 0 })
    expectTrue(!trial.rates.isEmpty && trial.rates.allSatisfy { (0..<1).contains($0) && $0 > 0 })
    expectTrue(!trial.label.isEmpty)
    // A larger layer makes more of its input.
    if trial.moments != nil, trial.makeLarge == nil { expectAtLeast(trial.momentShape.reduce(1, *), 1 << 22) }
    for rate in trial.rates { expectAtLeast(trial.copies(rate), 1) }
  }

  @Test(arguments: DropoutVariant.tried) func aTrialTakesItsOwnInput(variant: TriedVariant) {
    let trial = variant.trial
    for dtype in [DType.float32, .float64] {
      let layer = trial.make(0.5, dtype), x = Tensor.ones(trial.shape, dtype: dtype)
      let y = layer(x)
      expectTrue(y.dtype == dtype && y.count > 0)
    }
  }

  @Test func aFunctionalFormGetsTheModeOfItsLayer() {
    let seen = Mutex<[Mode]>([])
    let layer = FunctionalLayer { x, mode in
      seen.withLock { $0.append(mode) }
      return x + 1
    }
    let x = Tensor([1, 2])
    expectEqual(layer(x), Tensor([2, 3]))
    layer.eval()
    _ = layer(x)
    layer.sampling { _ = layer(x) }
    layer.train()
    layer.evaluating { _ = layer(x) }
    _ = layer(x)
    expectEqual(seen.withLock { $0 }, [.training, .evaluation, .sampling, .evaluation, .training])
  }
}
