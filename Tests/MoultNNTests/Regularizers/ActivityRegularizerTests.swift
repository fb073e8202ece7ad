import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ActivityRegularizerTests {
  private let x = Tensor([[1, -2], [3, 0]])

  @Test func itAddsThePriceForEachSampleAndLetsTheInputThrough() {
    let layer = ActivityRegularizer(L1(0.5))
    let (y, terms) = collectingLossTerms { layer(x) }
    expectEqual(y, x)
    expectEqual(terms, Tensor(1.5))
    expectNil(collectingLossTerms { layer(.zeros([0, 3])) }.terms)
  }

  @Test func aVectorIsOneSampleAsElsewhere() {
    let layer = ActivityRegularizer(L1(0.5))
    expectEqual(collectingLossTerms { layer(Tensor([1, -2, 3])) }.terms, Tensor(3))
    expectEqual(collectingLossTerms { layer(Tensor(-2)) }.terms, Tensor(1))
  }

  /// `keras.layers.ActivityRegularization`: its loss and its gradient.
  @Test func agreesWithKeras() throws {
    let cases = try VariantReference.cases("kerasActivityRegularization")
    expectEqual(cases.count, 3)
    for known in cases {
      let layer = ActivityRegularizer(ElasticNet(l1: known["l1"], l2: known["l2"]))
      expectEqual(known.errors { x in collectingLossTerms { layer(x) }.terms ?? .zeros([]) }, [])
    }
  }

  @Test func itsGradientReachesTheWeights() {
    let linear = Linear(2, 3)
    let model = Sequential(linear, ActivityRegularizer(L2(0.5)))
    let (y, terms) = collectingLossTerms { model(x) }
    terms?.backward()
    let expected = matmul(y.detached().transposed(), x) / 2
    expectTrue(isClose(linear.weight.gradient ?? .zeros([]), expected.scalars(), tolerance: 1e-5))
  }

  @Test func evaluationAndSamplingCostNothing() {
    let layer = ActivityRegularizer(L1(0.5))
    expectNil(collectingLossTerms { layer.evaluating { layer(x) } }.terms)
    expectNil(collectingLossTerms { layer.sampling { layer(x) } }.terms)
    layer.fixMode(.evaluation)
    expectNil(collectingLossTerms { layer(x) }.terms)
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
    expectEqual(inner, Tensor(10))
    expectEqual(outer, Tensor(3))
    expectNil(collectingLossTerms {}.terms)
  }

  private final class Owner: Sendable {}

  @Test func aTermThatCountsOnceIsMadeOnceForEachOwnerAndScope() {
    let owners = (0..<100).map { _ in Owner() }
    var made = 0
    func add(_ owner: Owner) {
      addToLoss(once: owner) {
        made += 1
        return Tensor(1)
      }
    }
    owners.forEach(add)
    expectEqual(made, 0, "nobody collects")
    let (inner, outer) = collectingLossTerms { () -> Tensor? in
      (owners + owners).forEach(add)
      return collectingLossTerms { add(owners[0]) }.terms
    }
    expectTrue(inner == Tensor(1) && outer == Tensor(100) && made == 101)
    // Owners that are gone leave no address behind that another could have.
    let fleeting = collectingLossTerms { for _ in 0..<100 { add(Owner()) } }.terms
    expectEqual(fleeting, Tensor(100))
  }

  @Test func asynchronousScopesCollect() async {
    let (result, terms) = await collectingLossTerms { () async -> Int in
      addToLoss(Tensor(1))
      await Task.yield()
      async let child: Void = addToLoss(Tensor(2))
      await child
      return 5
    }
    expectTrue(result == 5 && terms == Tensor(3))
  }

  @Test func tasksCollectTheirOwn() async {
    await withTaskGroup(of: Tensor?.self) { group in
      for index in 0..<8 { group.addTask { collectingLossTerms { addToLoss(Tensor(Float(index))) }.terms } }
      var found: Set<Float> = []
      for await term in group { found.insert(term?.item() ?? -1) }
      expectEqual(found, Set((0..<8).map { Float($0) }))
    }
  }

  @Test func termsMustBeScalars() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      addToLoss(Tensor([1, 2]))
    }
    expectTrue(message(result).contains("addToLoss: expected a scalar, got [2]"))
  }
}
