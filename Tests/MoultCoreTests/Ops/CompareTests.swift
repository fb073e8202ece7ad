import MoultCore
import MoultTestSupport
import Testing

@Suite struct CompareTests {
  @Test func allSixAgreeWithSwiftNaNIncluded() {
    let values: [Float] = [-.infinity, -1, -0.0, 0, 1, .infinity, .nan]
    let n = values.count
    let a = Tensor(values, shape: [n, 1]), b = Tensor(values)
    func table(_ compare: (Float, Float) -> Bool) -> Tensor {
      Tensor(values.flatMap { x in values.map { compare(x, $0) } }, shape: [n, n])
    }
    expectTrue((a .== b) == table { $0 == $1 } && (a .!= b) == table { $0 != $1 })
    expectTrue((a .< b) == table { $0 < $1 } && (a .<= b) == table { $0 <= $1 })
    expectTrue((a .> b) == table { $0 > $1 } && (a .>= b) == table { $0 >= $1 })
  }

  @Test func aNumberMayComeFirst() {
    let x = someIntegers
    expectEqual(3 .> x, x .< 3)
    expectEqual(1 .== x, x .== 1)
    expectEqual(2 .<= x, x .>= 2)
    expectEqual(2 .!= x, x .!= 2)
    expectEqual(2 .< x, x .> 2)
    expectEqual(2 .>= x, x .<= 2)
  }

  @Test func numbersRoundToTheTypeOfTheTensor() {
    expectEqual(Tensor([0.1, 0.2]) .== 0.1, Tensor([true, false], shape: [2]))
    expectEqual(Tensor([0.1, 0.2]) .> 0.1, Tensor([false, true], shape: [2]))
  }

  @Test func integersAreComparedWithFractionsAsNumbers() {
    let x = Tensor(labels: [0, 1, 2])
    expectEqual(x .< 0.5, Tensor([true, false, false], shape: [3]))
    expectEqual(x .<= 1.5, Tensor([true, true, false], shape: [3]))
    expectEqual(x .> 1.5, Tensor([false, false, true], shape: [3]))
    expectEqual(x .>= 0.5, Tensor([false, true, true], shape: [3]))
    expectEqual(x .== 1.5, Tensor([false, false, false], shape: [3]))
    expectEqual(x .!= 1.5, Tensor([true, true, true], shape: [3]))
  }

  @Test func numbersOutsideTheTypeAreNotClampedIntoIt() {
    let x = Tensor([0, 255] as [UInt8], shape: [2])
    expectTrue((x .< 300) == Tensor([true, true], shape: [2]) && (x .> -1) == Tensor([true, true], shape: [2]))
    expectEqual(x .== 256, Tensor([false, false], shape: [2]))
  }

  @Test func largeIntegersAreComparedExactly() {
    let a = Tensor([1 << 53, (1 << 53) + 1] as [Int64], shape: [2]), b = Tensor([(1 << 53) + 1] as [Int64], shape: [1])
    expectTrue((a .< b) == Tensor([true, false], shape: [2]) && (a .== b) == Tensor([false, true], shape: [2]))
  }

  @Test func shapesBroadcastAndLayoutsDoNotMatter() {
    let a = samples([3, 1]), b = samples([4], seed: 2)
    for (first, second) in combinations(Layout.allCases, Layout.allCases) {
      expectEqual(first.of(a) .< second.of(b), a .< b)
    }
    expectEqual((Tensor.zeros([0, 3]) .< Tensor.zeros([3])).shape, [0, 3])
    expectTrue((a .< b).dtype == .bool && !(a.requiringGradient() .< b).requiresGradient)
  }

  @Test func conjunctionNeedsBoth() {
    let a = Tensor([true, true, false, false], shape: [4]), b = Tensor([true, false, true, false], shape: [4])
    expectEqual(a .& b, Tensor([true, false, false, false], shape: [4]))
  }

  @Test func theOppositeIsTrueExactlyWhereTheComparisonIsNot() {
    let a = samples([9], seed: 1), b = samples([9], seed: 2)
    expectEqual((a .< b).cast(to: .float32) + (a .>= b).cast(to: .float32), .ones([9]))
  }

  @Test func typesThatDifferStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1]) .== Tensor(labels: [1])
    }
    expectTrue(
      text(result).contains("==: expected two tensors of one type, got float32 and int32; convert one with cast(to:)"))
  }
}
