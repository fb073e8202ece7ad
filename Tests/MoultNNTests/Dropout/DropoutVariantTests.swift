import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// The registry; EveryVariantTests holds what is in it against the laws of dropout.
@Suite struct DropoutVariantTests {
  @Test func namesAreDifferentAndSpelledAsTheToolSpellsThem() {
    let names = DropoutVariant.all.map(\.name)
    expectTrue(Set(names).count == names.count && !names.isEmpty)
    expectTrue(names.allSatisfy { $0.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil })
    expectTrue(DropoutVariant.all.allSatisfy { !$0.summary.isEmpty && $0.source.contains("http") })
  }

  /// The two that are not tried out by themselves are objectives: they take a model and labels, and draw nothing of
  /// their own for an input (R-Drop), or for a whole batch (mixup). RDropTests and MixupTests try them.
  @Test func everyVariantIsTriedOutButObjectives() {
    expectEqual(DropoutVariant.all.filter { $0.trial == nil }.map(\.name), ["r-drop", "mixup"])
  }

  /// A place in a network promises shapes, gradients, and draws in training alone.
  @Test(arguments: DropoutVariant.all.map(\.name)) func aVariantFitsItsPlace(name: String) throws {
    let variant = try unwrapped(DropoutVariant.all.first { $0.name == name })
    let x = samples([8, 6], in: 1..<2, dtype: .float32).requiringGradient()
    func check(_ layer: any Module<Tensor, Tensor>, _ shape: [Int]) {
      layer.train()
      func use(_ seed: UInt64) -> Tensor { withSeed(seed) { withStep(0) { layer(x) } } }
      expectEqual(use(1).shape, shape)
      expectTrue(use(1) == use(1) && use(1) != use(2))
      use(1).sum().backward()
      expectEqual(x.gradient?.shape, x.shape)
      layer.eval()
      expectEqual(use(1), use(2))
    }
    switch variant.place {
    case .hidden(let make): check(make(0.5), [8, 6])
    case .layer(let make): check(withSeed(3) { make(6, 5, 0.5) }, [8, 5])
    case .loss(let loss):
      let model = Sequential(Linear(6, 7), Dropout(0.5), Linear(7, 3))
      model.train()
      let labels = Tensor(labels: (0..<8).map { $0 % 3 })
      let value = withSeed(1) { withStep(0) { loss(model, x.detached(), labels, 0.5) } }
      expectTrue(value.shape.isEmpty && value.item().isFinite)
      value.backward()
      expectTrue(model.parameters().allSatisfy { $0.gradient != nil })
    case .needs(let what): expectTrue(!what.isEmpty)
    }
  }
}
