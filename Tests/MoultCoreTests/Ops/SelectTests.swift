import MoultCore
import MoultTestSupport
import Testing

@Suite struct SelectTests {
  @Test func agreesWithPyTorch() throws {
    try expectEqual(OpReference.errors("where") { x, _ in MoultCore.select(x[0], x[1], x[2]) }, [])
  }

  @Test(arguments: [
    ([3, 4], [3, 4], [3, 4]), ([3, 1], [4], []), ([], [2], [2]), ([4], [3, 1], [1]), ([0, 2], [2], [1, 2]),
  ])
  func gradients(condition: [Int], a: [Int], b: [Int]) {
    let inputs = [samples(condition, dtype: .float32) .> 0, samples(a, seed: 2), samples(b, seed: 3)]
    expectEqual(gradientErrors("select", at: inputs) { MoultCore.select($0[0], $0[1], $0[2]) }, [])
  }

  @Test func gradientsBesideNumbers() {
    expectGradients("select with numbers", matrixShapes) {
      MoultCore.select($0[0] .> 0, 2, MoultCore.select($0[0] .< -1, $0[0] * 3, -1))
    }
  }

  @Test func aNaNThatIsNotChosenShowsNowhere() {
    let flags = Tensor([true, false], shape: [2])
    let a = Tensor([1, .nan]).requiringGradient(), b = Tensor([.nan, 2]).requiringGradient()
    let y = MoultCore.select(flags, a, b)
    expectEqual(y, Tensor([1, 2]))
    y.backward(gradient: Tensor([3, .nan]))
    expectEqual(a.gradient, Tensor([3, 0]))
  }

  @Test func otherTypesAreSelectedToo() {
    let flags = Tensor([true, false], shape: [2])
    expectEqual(MoultCore.select(flags, Tensor(labels: [1, 2]), Tensor(labels: [3, 4])), Tensor(labels: [1, 4]))
  }

  @Test func ofOneTensorTwiceIsThatTensor() {
    let x = samples([3, 4])
    expectEqual(MoultCore.select(x .> 0, x, x), x)
  }

  @Test func aConditionOfNumbersStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MoultCore.select(Tensor([1, 0]), Tensor([1, 2]), Tensor([3, 4]))
    }
    expectTrue(
      text(result).contains("select: expected a condition of truth values, got float32; compare with .> or .!="))
  }
}
