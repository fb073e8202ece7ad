import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct MaskRecordTests {
  private let x = Tensor.ones([4, 32])

  private func model() -> Sequential {
    let model = Sequential(Dropout(0.5), ReLU(), Dropout(0.25))
    model.train()
    return model
  }

  // MARK: - Replaying

  @Test func aReplayHasTheSameMasksAndCountsNothing() {
    let model = model()
    let (y, masks) = recordingMasks { model(x) }
    expectEqual(masks.count, 2)
    expectEqual(masks.replaying { model(x) }, y)
    expectEqual(masks.replaying { model(x) }, y)
    let next = model(x)
    expectNotEqual(next, y)
    let other = self.model()
    _ = other(x)
    expectEqual(other(x), next, "a replay moved the count of uses")
  }

  @Test func aReplayWorksUnderAnotherSeedStepAndWithAnotherBatch() {
    let model = model()
    let (y, masks) = withSeed(5) { withStep(9, firstSample: 2) { recordingMasks { model(x) } } }
    expectEqual(withSeed(6) { withStep(1) { masks.replaying { model(x) } } }, y)
    expectEqual(masks.replaying { model(x[0..<3]) }, y[0..<3])
  }

  @Test func theGradientOfAReplayIsThatOfTheRecordedPass() {
    let model = Sequential(Linear(32, 16), ReLU(), Dropout(0.5), Linear(16, 2))
    model.train()
    func gradients(_ pass: () -> Tensor) -> [Tensor?] {
      for parameter in model.parameters() { parameter.clearGradient() }
      pass().sum().backward()
      return model.parameters().map(\.gradient)
    }
    var record: MaskRecord?
    let first = gradients {
      let (y, masks) = recordingMasks { model(x) }
      record = masks
      return y
    }
    let again = gradients { record?.replaying { model(x) } ?? x }
    expectEqual(first, again)
    expectNotEqual(gradients { model(x) }, first)
  }

  @Test func aModelOfTheSameArchitectureReplaysByNumber() {
    let first = model(), second = model()
    let (y, masks) = recordingMasks { first(x) }
    expectEqual(masks.replaying { second(x) }, y)
  }

  @Test func layersWithoutNumbersAndFunctionalFormsReplay() {
    let layer = Dropout(0.5)
    func pass() -> [Tensor] {
      [
        layer(x), layer(x), dropout(x, rate: 0.5, mode: .training),
        dropout(x, rate: 0.5, mode: .sampling, stream: 7), dropPath(x, rate: 0.5, mode: .training),
      ]
    }
    let (y, masks) = recordingMasks { pass() }
    expectEqual(masks.replaying { pass() }, y)
    expectNotEqual(pass(), y)
    let (_, functional) = withSeed(1) { recordingMasks { dropout(x, rate: 0.5, mode: .training) } }
    let after = withSeed(1) {
      _ = dropout(x, rate: 0.5, mode: .training)
      for _ in 0..<3 { _ = functional.replaying { dropout(x, rate: 0.5, mode: .training) } }
      return dropout(x, rate: 0.5, mode: .training)
    }
    let undisturbed = withSeed(1) { (0..<2).map { _ in dropout(x, rate: 0.5, mode: .training) }[1] }
    expectEqual(after, undisturbed)
  }

  @Test func theOrdinaryMasksComeBackAfterAThrow() throws {
    struct Stop: Error {}
    let model = model()
    let (y, masks) = recordingMasks { model(x) }
    #expect(throws: Stop.self) { try masks.replaying { () throws -> Void in throw Stop() } }
    #expect(throws: Stop.self) { _ = try recordingMasks { () throws -> Tensor in throw Stop() } }
    expectNotEqual(model(x), y)
  }

  @Test func asynchronousBodiesRecordAndReplay() async {
    let model = model()
    let (y, masks) = await recordingMasks {
      await Task.yield()
      return model(x)
    }
    let again = await masks.replaying {
      await Task.yield()
      return model(x)
    }
    let frozen = await masks.freezing {
      await Task.yield()
      return [model(x), model(x)]
    }
    expectEqual(again, y)
    expectEqual(frozen, [y, y])
  }

  @Test func otherTasksDrawTheirOwn() async {
    let model = model(), other = self.model()
    let (y, masks) = recordingMasks { model(x) }
    let input = x
    let outside = Task.detached { other(input) }
    expectEqual(masks.replaying { model(x) }, y)
    let drawn = await outside.value
    expectEqual(drawn, y, "the first use of a fresh model of the same numbers")
  }

  // MARK: - Freezing

  @Test func frozenMasksStandStillForAnyNumberOfEvaluations() {
    let model = model()
    let shared = Dropout(0.5)
    func pass() -> Tensor { shared(shared(model(x))) }
    let (y, masks) = recordingMasks { pass() }
    masks.freezing { for _ in 0..<5 { expectEqual(pass(), y) } }
    expectNotEqual(pass(), y)
  }

  /// Models of the same numbers that were recorded together keep their masks apart.
  @Test func frozenMasksOfAModelAreItsOwn() {
    let (a, b) = (model(), model())
    _ = a(x)
    let ((first, second), masks) = recordingMasks { (a(x), b(x)) }
    expectNotEqual(first, second)
    masks.freezing {
      for _ in 0..<3 {
        expectEqual(a(x), first)
        expectEqual(b(x), second)
      }
    }
  }

  @Test func gradientChecksPassUnderFrozenMasks() {
    let layer = Dropout(0.5)
    let input = Tensor.randomNormal([3, 5], dtype: .float64, seed: 1)
    let (_, masks) = recordingMasks { layer(input) }
    let frozen = masks.freezing { gradientErrors("frozen", at: [input]) { exp(layer($0[0])) } }
    expectEqual(frozen, [])
    expectNotEqual(gradientErrors("loose", at: [input]) { exp(layer($0[0])) }, [])
  }

  // MARK: - Nesting

  @Test func recordingsNestAndHearOfReplays() {
    let model = model()
    let (y, masks) = recordingMasks { model(x) }
    let (inner, outer) = recordingMasks { recordingMasks { masks.replaying { model(x) } } }
    expectEqual(inner.result, y)
    expectEqual(inner.masks.masks, masks.masks)
    expectEqual(outer.masks, masks.masks)
    let (_, later) = recordingMasks { model(x) }
    expectEqual(masks.replaying { later.freezing { model(x) } == y ? nil : model(x) }, y)
  }

  // MARK: - Looking at masks

  @Test func masksTellWhatTheyAreAFunctionOf() {
    let model = model()
    let (y, masks) = withSeed(3) { withStep(8, firstSample: 5) { recordingMasks { (model(x), model(x)) } } }
    let found = masks.masks
    expectEqual(found.map(\.layer), [0, 1, 0, 1])
    expectEqual(found.map(\.call), [0, 0, 1, 1])
    expectEqual(found.map(\.rate), [0.5, 0.25, 0.5, 0.25])
    expectTrue(found.allSatisfy { $0.step == 8 && $0.firstSample == 5 && $0.rows == 4 && $0.units == 32 })
    let kept = select(found[0].kept .& found[1].kept, .ones([]), .zeros([]))
    expectEqual(zeroPattern(kept), zeroPattern(y.0))
  }

  @Test func masksAreExportedUnderTheNamesOfTheirLayers() {
    let model = model()
    let (y, masks) = recordingMasks {
      [model.layers[0](x), model.layers[0](x), dropout(x, rate: 0.5, mode: .training, stream: 9)]
    }
    let tensors = masks.tensors(of: model)
    expectEqual(tensors.keys.sorted(), ["0.0", "0.1", "layer9.0"])
    for (name, value) in zip(["0.0", "0.1", "layer9.0"], y) {
      expectEqual(tensors[name], value .!= 0)
      expectEqual(tensors[name]?.dtype, .bool)
    }
  }

  @Test func evaluationRecordsNothingAndABackwardPassNoMaskTwice() {
    let model = model()
    expectEqual(recordingMasks { model.evaluating { model(x) } }.masks.count, 0)
    let input = x.requiringGradient()
    let (_, masks) = recordingMasks { model(input).sum().backward() }
    expectEqual(masks.count, 2)
    expectEqual(masks.masks.count, 2)
  }

  // MARK: - What does not fit

  @Test func whatDiffersIsNamed() async {
    let more = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = Dropout(0.5, stream: 3), x = Tensor.ones([2, 8])
      _ = recordingMasks { layer(x) }.masks.replaying { (layer(x), layer(x)) }
    }
    expectTrue(
      message(more).contains(
        "MaskRecord.replaying: expected one of the record's 1 uses, got a further one of layer 3 in training mode"))
    let fewer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = Dropout(0.5, stream: 3), x = Tensor.ones([2, 8])
      _ = recordingMasks { layer(x) }.masks.replaying { layer.evaluating { layer(x) } }
    }
    expectTrue(
      message(fewer).contains("MaskRecord.replaying: expected 1 uses, got 0; use 0 was of layer 3 in training mode"))
    let order = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (a, b, x) = (Dropout(0.5, stream: 0), Dropout(0.5, stream: 1), Tensor.ones([2, 8]))
      _ = recordingMasks { b(a(x)) }.masks.replaying { a(b(x)) }
    }
    expectTrue(
      message(order).contains("expected use 0 to be of layer 0 in training mode, got layer 1 in training mode"))
    let mode = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = Dropout(0.5, stream: 3), x = Tensor.ones([2, 8])
      _ = recordingMasks { layer(x) }.masks.replaying { layer.sampling { layer(x) } }
    }
    expectTrue(message(mode).contains("to be of layer 3 in training mode, got layer 3 in sampling mode"))
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = Dropout(0.5, stream: 3)
      _ = recordingMasks { layer(.ones([2, 8])) }.masks.replaying { layer(.ones([2, 9])) }
    }
    expectTrue(message(size).contains("expected a mask of rate 0.5 over 8 units for layer 3, got rate 0.5 over 9"))
    let unknown = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (a, b, x) = (Dropout(0.5, stream: 0), Dropout(0.5, stream: 1), Tensor.ones([2, 8]))
      _ = recordingMasks { a(x) }.masks.freezing { b(x) }
    }
    expectTrue(
      message(unknown).contains(
        "MaskRecord.freezing: expected a layer that was recorded, got layer 1 in training mode"))
  }
}
