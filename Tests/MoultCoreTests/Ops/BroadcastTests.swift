import MoultCore
import MoultTestSupport
import Testing

@Suite struct BroadcastTests {
  @Test(arguments: [
    ([], [2, 3]), ([1], [4]), ([3, 1], [3, 4]), ([4], [2, 3, 4]), ([2, 1, 3], [2, 5, 3]), ([1], [0]), ([3], [3]),
  ])
  func gradientsAddUpAlongRepeatedAxes(from: [Int], to: [Int]) {
    expectEqual(gradientErrors("broadcast", at: [samples(from)]) { $0[0].broadcast(to: to) }, [])
  }

  @Test func repeatsWithoutCopying() {
    let x = Tensor([[1], [2]]), y = x.broadcast(to: [3, 2, 2])
    expectTrue(y[1] == Tensor([[1, 1], [2, 2]]) && y[2] == y[0])
    expectTrue(y.storage === x.storage)
  }

  @Test func axesOfOneComeAndGo() {
    let x = samples([2, 3])
    expectTrue(x.unsqueezed(axis: 0).shape == [1, 2, 3] && x.unsqueezed(axis: -1).shape == [2, 3, 1])
    expectTrue(x.unsqueezed(axis: 1).shape == [2, 1, 3] && x.unsqueezed(axis: 1).squeezed(axis: 1) == x)
    expectEqual(gradientErrors("expanded", at: [x]) { $0[0].unsqueezed(axis: 1) }, [])
    expectEqual(gradientErrors("squeezed", at: [samples([2, 1, 3])]) { $0[0].squeezed(axis: -2) }, [])
    expectEqual(Tensor(3).unsqueezed(axis: 0), Tensor([3]))
  }

  @Test func shapesThatDoNotFitStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]).broadcast(to: [2, 1])
    }
    expectTrue(text(result).contains("broadcast(to:): [2, 3] does not broadcast to [2, 1]; axes must be equal or 1"))
  }

  @Test func squeezingALongAxisStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]).squeezed(axis: 1)
    }
    expectTrue(text(result).contains("squeezed: axis 1 of [2, 3] has extent 3, expected 1"))
  }

  @Test func shapesBeyondMemoryAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1]).broadcast(to: [1 << 40, 1 << 40])
    }
    expectTrue(text(result).contains("is not a shape"))
  }
}
