import MoultCore
import MoultTestSupport
import Testing

@Suite struct ParameterTests {
  private func add(_ amount: Float, to parameter: Parameter) {
    parameter.update { pointer, count in
      let elements = pointer.assumingMemoryBound(to: Float.self)
      for i in 0..<count { elements[i] += amount }
    }
  }

  @Test func updatesHappenInPlaceWhenNobodyElseLooks() {
    let p = Parameter(Tensor([1, 2]))
    add(1, to: p)
    let place = ObjectIdentifier(p.value.storage)
    add(1, to: p)
    expectTrue(ObjectIdentifier(p.value.storage) == place && p.value.detached() == Tensor([3, 4]))
  }

  @Test func whoReadTheValueKeepsIt() {
    let start = Tensor([1, 2]), p = Parameter(start)
    let kept = p.value, view = p.value[1...]
    add(10, to: p)
    expectTrue(
      start == Tensor([1, 2]) && kept == Tensor([1, 2]) && view == Tensor([2]) && p.value == Tensor([11, 12]))
  }

  @Test func aGraphKeepsTheValueItWasMadeWith() {
    let p = Parameter(Tensor([3])), y = p.value * p.value
    add(10, to: p)
    y.backward()
    expectEqual(p.gradient, Tensor([6]))
  }

  @Test func aViewBecomesAParameterOfItsOwnElements() {
    let whole = Tensor([[1, 2], [3, 4]])
    let row = Parameter(whole[1]), column = Parameter(whole[0..., 1])
    add(10, to: row)
    add(10, to: column)
    expectTrue(
      row.value == Tensor([13, 14]) && column.value == Tensor([12, 14]) && whole == Tensor([[1, 2], [3, 4]]))
  }

  @Test func writingReplacesTheValueWithoutItsHistory() {
    let p = Parameter(Tensor([1, 2])), x = Tensor([5, 6]).requiringGradient()
    p.value = x * 2
    expectEqual(p.value, Tensor([10, 12]))
    p.value.sum().backward()
    expectTrue(x.gradient == nil && p.gradient == Tensor([1, 1]))
    p.value = Layout.spread.of(Tensor([7, 8]))
    expectTrue(p.value.isContiguous && p.value == Tensor([7, 8]))
  }

  @Test func frozenParametersCarryNoHistory() {
    let p = Parameter(Tensor([1]))
    p.isFrozen = true
    expectTrue(!p.value.requiresGradient && p.isFrozen)
    p.isFrozen = false
    expectTrue(p.value.requiresGradient && p.shape == [1] && p.dtype == .float32 && p.count == 1)
  }

  @Test func gradientsCanBeSetAndLoseTheirHistory() {
    let p = Parameter(Tensor([1, 2]))
    p.gradient = Tensor([3, 4]).requiringGradient()
    expectTrue(p.gradient == Tensor([3, 4]) && p.gradient?.requiresGradient == false)
    p.gradient = nil
    expectNil(p.gradient)
  }

  @Test func readersSeeAWholeStepOrNone() async {
    let p = Parameter(.zeros([257]))
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for _ in 0..<300 { add(1, to: p) }
        return true
      }
      for _ in 0..<3 {
        group.addTask {
          (0..<300).allSatisfy { _ in
            let value = p.value.scalars(as: Float.self)
            return value.allSatisfy { $0 == value[0] }
          }
        }
      }
      for await right in group { expectTrue(right) }
    }
    expectEqual(p.value.detached(), .full([257], 300))
  }

  @Test func aValueOfAnotherShapeStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor([1, 2])).value = Tensor([1, 2, 3])
    }
    expectTrue(text(result).contains("Parameter: expected a value of shape [2] and type float32, got [3] float32"))
  }

  @Test func integersAreNoParameters() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parameter(Tensor(labels: [1]))
    }
    expectTrue(
      text(result).contains(
        "Parameter: expected a floating-point tensor, got int32 [1]; convert it with cast(to: .float32)"))
  }
}
