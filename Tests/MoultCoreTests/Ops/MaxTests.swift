import MoultCore
import MoultTestSupport
import Testing

@Suite struct MaxTests {
  @Test func agreesWithPyTorch() throws {
    func reduced(
      _ x: Tensor, _ known: OpReference.Attributes, _ all: (Tensor) -> Tensor, _ one: (Tensor, Int, Bool) -> Tensor
    )
      -> Tensor
    {
      known.axis.map { one(x, $0, known.keepingDimensions ?? false) } ?? all(x)
    }
    try expectEqual(
      OpReference.errors("max") { x, known in
        reduced(x[0], known, { $0.max() }, { $0.max(axis: $1, keepingDimensions: $2) })
      }, [])
    try expectEqual(
      OpReference.errors("min") { x, known in
        reduced(x[0], known, { $0.min() }, { $0.min(axis: $1, keepingDimensions: $2) })
      }, [])
  }

  @Test(arguments: [[1], [7], [3, 5], [2, 1, 3], [1, 1]])
  func gradientsForAllAxes(shape: [Int]) {
    let x = samples(shape)
    expectEqual(gradientErrors("max", at: [x]) { $0[0].max() }, [])
    expectEqual(gradientErrors("min", at: [x]) { $0[0].min() }, [])
    for axis in shape.indices {
      expectEqual(gradientErrors("max \(axis)", at: [x]) { $0[0].max(axis: axis) }, [])
      expectEqual(gradientErrors("min \(axis)", at: [x]) { $0[0].min(axis: axis, keepingDimensions: true) }, [])
    }
  }

  @Test func tiesSendTheGradientToTheFirst() {
    let x = Tensor([[1, 4, 4], [2, 2, 2]]).requiringGradient()
    x.max(axis: 1).backward(gradient: Tensor([5, 7]))
    expectEqual(x.gradient, Tensor([[0, 5, 0], [7, 0, 0]]))
  }

  @Test func aNaNAnywhereGivesNaN() {
    expectTrue(Tensor([1, .nan, 3]).max().item().isNaN && Tensor([1, .nan, 3]).min().item().isNaN)
  }

  @Test func minimumIsTheNegativeMaximumOfTheNegative() {
    let x = samples([4, 6], dtype: .float32)
    expectEqual(x.min(axis: 0), -(-x).max(axis: 0))
    expectTrue(Tensor(3).max().item() == 3 && Tensor.zeros([0, 2]).max(axis: 1).shape == [0])
  }

  @Test func nothingHasNoMaximum() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([0]).max()
    }
    expectTrue(text(result).contains("max: axis 0 of [0] is empty and has no largest element"))
  }
}
