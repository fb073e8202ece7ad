import MoultCore
import MoultNN
import Testing

@Suite struct ActivityRegularizerTests {
  private let x = Tensor([[1, -2], [3, 0]])

  @Test func itAddsThePriceForEachSampleAndLetsTheInputThrough() {
    let layer = ActivityRegularizer(L1(0.5))
    let (y, terms) = collectingLossTerms { layer(x) }
    #expect(y == x)
    #expect(terms == Tensor(1.5))
    #expect(collectingLossTerms { layer(.zeros([0, 3])) }.terms == nil)
  }

  @Test func itsGradientReachesTheWeights() {
    let linear = Linear(2, 3)
    let model = Sequential(linear, ActivityRegularizer(L2(0.5)))
    let (y, terms) = collectingLossTerms { model(x) }
    terms?.backward()
    let expected = matmul(y.detached().transposed(), x) / 2
    #expect(isClose(linear.weight.gradient ?? .zeros([]), expected.scalars(), tolerance: 1e-5))
  }

  @Test func evaluationAndSamplingCostNothing() {
    let layer = ActivityRegularizer(L1(0.5))
    #expect(collectingLossTerms { layer.evaluating { layer(x) } }.terms == nil)
    #expect(collectingLossTerms { layer.sampling { layer(x) } }.terms == nil)
    layer.freeze()
    #expect(collectingLossTerms { layer(x) }.terms == nil)
  }
}

@Suite struct LossTermsTests {
  @Test func termsAddUpAndBelongToTheInnermostScope() {
    addToLoss(Tensor(100))
    let (inner, outer) = collectingLossTerms { () -> Tensor? in
      addToLoss(Tensor(1))
      let inner = collectingLossTerms { addToLoss(Tensor(10)) }.terms
      addToLoss(Tensor(2))
      return inner
    }
    #expect(inner == Tensor(10))
    #expect(outer == Tensor(3))
    #expect(collectingLossTerms {}.terms == nil)
  }

  @Test func tasksCollectTheirOwn() async {
    await withTaskGroup(of: Tensor?.self) { group in
      for index in 0..<8 { group.addTask { collectingLossTerms { addToLoss(Tensor(Float(index))) }.terms } }
      var found: Set<Float> = []
      for await term in group { found.insert(term?.item() ?? -1) }
      #expect(found == Set((0..<8).map { Float($0) }))
    }
  }

  @Test func termsMustBeScalars() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      addToLoss(Tensor([1, 2]))
    }
    #expect(message(result).contains("addToLoss: expected a scalar, got [2]"))
  }
}
