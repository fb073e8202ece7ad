import MoultCore
import MoultTestSupport
import Testing

@Suite struct BackwardTests {
  @Test func sharedSubexpressionsAddUp() {
    let x = Tensor([3]).requiringGradient()
    let y = x * x, z = y * y + y + x
    z.backward()
    expectEqual(x.gradient, Tensor([4 * 27 + 6 + 1]))
  }

  /// There are 2^60 ways from the result to the variable, and each node is still visited once.
  @Test func aTowerOfDiamondsIsWalkedOnce() {
    let x = Tensor([1.0], shape: [1]).requiringGradient()
    var y = x * 1
    for _ in 0..<60 { y = y + y }
    y.backward()
    expectEqual(x.gradient?.item(as: Double.self), 0x1p60)
  }

  @Test func aNodeWaitsForAllWhoUsedItHoweverEarlyOrLate() {
    let x = samples([4])
    expectEqual(
      gradientErrors("ladder", at: [x]) { inputs in
        let first = exp(inputs[0])
        var last = first
        for _ in 0..<5 { last = tanh(last * 0.5) + first }
        return last * first * inputs[0]
      }, [])
  }

  @Test func gradientsAddUpOverCallsUntilCleared() {
    let p = Parameter(Tensor([1, 2]))
    for _ in 0..<3 { (p.value * Tensor([5, 7])).sum().backward() }
    expectEqual(p.gradient, Tensor([15, 21]))
    p.clearGradient()
    expectNil(p.gradient)
    (p.value * 2).sum().backward()
    expectEqual(p.gradient, Tensor([2, 2]))
  }

  @Test func theVariableItselfCanBeTheResult() {
    let x = Tensor([2]).requiringGradient()
    x.backward()
    x.backward(gradient: Tensor([3]))
    expectEqual(x.gradient, Tensor([4]))
    expectEqual(gradients(of: x, withRespectTo: [x]), [Tensor([1])])
  }

  @Test func retainingTheGraphAllowsAnotherCall() {
    let x = Tensor([3]).requiringGradient(), y = (x * x).sum()
    y.backward(retainingGraph: true)
    y.backward()
    expectEqual(x.gradient, Tensor([12]))
  }

  @Test func consumingFreesWhatTheGraphHeld() {
    let x = Tensor([3]).requiringGradient()
    weak var kept: Storage?
    let y: Tensor
    do {
      let hidden = exp(x)
      kept = hidden.storage
      y = hidden.sum()
    }
    expectTrue(kept != nil)
    y.backward()
    expectNil(kept)
  }

  @Test func onlyInputsThatNeedOneGetAGradient() {
    let a = Tensor([2]).requiringGradient(), b = Tensor([5])
    let frozen = Parameter(Tensor([7]))
    frozen.isFrozen = true
    (a * b * frozen.value).backward()
    expectTrue(a.gradient == Tensor([35]) && b.gradient == nil && frozen.gradient == nil)
    expectTrue(!(b * frozen.value).requiresGradient)
  }

  @Test func gradientsOfALossByAnything() {
    let x = samples([3]).requiringGradient(), unused = samples([2]).requiringGradient()
    let middle = x * x, loss = (middle * 3).sum()
    let found = gradients(of: loss, withRespectTo: [x, middle, unused, loss, x])
    expectTrue(
      found[0] == 6 * x && found[1] == .full([3], 3, dtype: .float64) && found[2] == .zeros([2], dtype: .float64))
    expectTrue(found[3].item() == 1 && found[4] == found[0])
    expectNil(x.gradient, "gathered nothing")
    expectTrue(found.allSatisfy { !$0.requiresGradient })
    loss.backward()
    expectEqual(x.gradient, 6 * x, "and the graph is still there")
  }

  @Test func gradientsByParametersLeaveTheirOwnAlone() {
    let p = Parameter(Tensor([2])), q = Parameter(Tensor([3]))
    let loss = (p.value * p.value * q.value).sum()
    expectEqual(gradients(of: loss, withRespectTo: [p, q]), [Tensor([12]), Tensor([4])])
    expectTrue(p.gradient == nil && q.gradient == nil)
    expectEqual(gradients(of: Tensor([1]), withRespectTo: [p]), [Tensor([0])])
  }

  @Test func tasksShareAParameter() async {
    let p = Parameter(.ones([64]))
    await withTaskGroup(of: Void.self) { group in
      for task in 1...8 { group.addTask { for _ in 0..<20 { (p.value * Double(task)).sum().backward() } } }
    }
    expectEqual(p.gradient, .full([64], 20 * 36))
  }

  @Test func aSecondCallStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let y = (Tensor([3]).requiringGradient() * 2).sum()
      y.backward()
      y.backward()
    }
    expectTrue(
      text(result).contains(
        "backward(): the graph of this tensor was consumed by an earlier backward(); pass `retainingGraph: true` to that one"
      ))
  }

  @Test func aSharedTrunkThatIsConsumedStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let trunk = Tensor([3]).requiringGradient() * 2
      (trunk * 3).backward()
      (trunk * 4).backward()
    }
    expectTrue(text(result).contains("was consumed by an earlier backward()"))
  }

  @Test func severalNumbersNeedAGradientOfTheirOwn() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      (Tensor([1, 2]).requiringGradient() * 2).backward()
    }
    expectTrue(
      text(result).contains(
        "backward(): expected a single number, got [2]; reduce it with sum() or mean(), or pass `gradient:`"))
  }

  @Test func aGradientOfAnotherShapeStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      (Tensor([1, 2]).requiringGradient() * 2).backward(gradient: Tensor([1]))
    }
    expectTrue(text(result).contains("backward(): expected a gradient of shape [2] and type float32, got [1] float32"))
  }

  @Test func aTensorWithoutHistoryStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Tensor([1]).backward()
    }
    expectTrue(text(result).contains("backward(): this tensor has no history; it came from no parameter"))
  }

  @Test func askingForAGradientByAConstantStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor([1]).requiringGradient()
      _ = gradients(of: x * 2, withRespectTo: [x, Tensor([1])])
    }
    expectTrue(text(result).contains("gradients(of:): input 1 is no variable; make it one with requiringGradient()"))
  }

  @Test func twoWalksOverOneGraphStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor([1, 2]).requiringGradient()
      let shared = x * 2
      let again = shared.values.recorded("walk", from: shared) { gradient -> NDArray in
        shared.sum().backward(retainingGraph: true)
        return gradient
      }
      again.sum().backward()
    }
    expectTrue(text(result).contains("another task is walking a part of this graph"))
  }
}
