import MoultCore
import MoultTestSupport
import Synchronization
import Testing

/// Contributions to one input: whole arrays, slices, rows and products, in any mixture.
@Suite struct GradientSumTests {
  private final class Counter: Sendable {
    let count = Atomic(0)
  }

  @Test func slicesRowsAndWholesOfOneInputAddUp() {
    let shape = [5, 3]
    expectEqual(
      gradientErrors("mixed", at: [samples(shape)]) { x in
        let x = x[0]
        return x[1..<4].sum() * 2 + (x.indexSelect([4, 0, 4]) * samples([3, 3], dtype: x.dtype, seed: 2)).sum()
          + x.sum()
          + (x[0..., 1] * samples([5], dtype: x.dtype, seed: 3)).sum()
      }, [])
  }

  /// A gradient that was read stays as it was when more is added.
  @Test func aGradientThatWasReadDoesNotChange() {
    let x = Tensor([1, 2, 3]).requiringGradient()
    (x * 2).sum().backward()
    (x * 3).sum().backward()
    let read = x.gradient
    (x[0..<1] * 10).sum().backward()
    expectTrue(read == Tensor([5, 5, 5]) && x.gradient == Tensor([15, 5, 5]))
  }

  /// Two tasks add large gradients to one parameter at once: nearly all of their time goes into the additions, so that
  /// an addition without the lock loses some.
  @Test func nothingIsLostThatTasksAddAtOnce() async {
    let parameter = Parameter(.zeros([200_000])), started = Counter(), steps = 100
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          started.count.add(1, ordering: .relaxed)
          let deadline = ContinuousClock.now + .seconds(5)
          while started.count.load(ordering: .relaxed) < 2, ContinuousClock.now < deadline { await Task.yield() }
          for _ in 0..<steps { parameter.value.sum().backward() }
        }
      }
    }
    expectEqual(parameter.gradient, .full([200_000], Double(2 * steps)))
  }

  /// The upstream gradient of one tensor is not changed by what is added to that of another.
  @Test func gradientsThatShareAnArrayStayApart() {
    let a = Tensor([1, 2]).requiringGradient(), b = Tensor([3, 4]).requiringGradient()
    let sum = a + b
    (sum + a * 10).sum().backward()
    expectTrue(a.gradient == Tensor([11, 11]) && b.gradient == Tensor([1, 1]))
  }

  @Test func aWeightOfSeveralProductsGetsTheirSum() {
    let weight = Parameter(samples([4, 3], dtype: .float32))
    let x = samples([2, 3], dtype: .float32, seed: 2), y = samples([5, 3], dtype: .float32, seed: 3)
    (linear(x, weight: weight, bias: nil).sum() + linear(y, weight: weight, bias: nil).sum() + weight.value.sum())
      .backward()
    let wanted = Tensor.ones([4, 1]) * (x.sum(axis: 0) + y.sum(axis: 0)) + 1
    expectEqual(mismatches(weight.gradient ?? .zeros([]), wanted, absolute: 1e-5), [])
  }
}
