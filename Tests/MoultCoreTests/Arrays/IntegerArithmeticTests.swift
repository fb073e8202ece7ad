import MoultCore
import MoultTestSupport
import Testing

@Suite struct IntegerArithmeticTests {
  @Test func sumsDifferencesAndProductsOfEachType() {
    let a = Tensor([7, -2, 0] as [Int64], shape: [3]), b = Tensor([3, 5, -1] as [Int64], shape: [3])
    expectEqual(a + b, Tensor([10, 3, -1] as [Int64], shape: [3]))
    expectEqual(a - b, Tensor([4, -7, 1] as [Int64], shape: [3]))
    expectEqual(a * b, Tensor([21, -10, 0] as [Int64], shape: [3]))
    expectEqual(Tensor(labels: [1, 2]) + Tensor(labels: [10, 20]), Tensor(labels: [11, 22]))
    expectEqual(Tensor(labels: [1, 2]) * 3, Tensor(labels: [3, 6]))
  }

  @Test func shapesBroadcastInAnyLayout() {
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Int32], shape: [2, 3]), row = Tensor([10, 20, 30] as [Int32], shape: [3])
    for layout in Layout.allCases {
      expectEqual(layout.of(x) + layout.of(row), Tensor([11, 22, 33, 14, 25, 36] as [Int32], shape: [2, 3]))
    }
  }

  @Test func whatDoesNotFitWrapsAround() {
    expectEqual(
      Tensor([250] as [UInt8], shape: [1]) + Tensor([10] as [UInt8], shape: [1]), Tensor([4] as [UInt8], shape: [1]))
    expectEqual(Tensor([Int32.max], shape: [1]) + Tensor([1] as [Int32], shape: [1]), Tensor([Int32.min], shape: [1]))
  }

  @Test(arguments: [0.5, -1, 256])
  func numbersThatTheTypeCannotHoldStopTheProgram(number: Double) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [number] in
      _ = Tensor([1, 2] as [UInt8], shape: [2]) * number
    }
    expectTrue(
      text(result).contains("multiply: \(number) is not a number of type uint8; convert the tensor with cast(to:)"))
  }

  @Test func otherTypesStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2] as [Int64], shape: [2]) + Tensor(labels: [1, 2])
    }
    expectTrue(text(result).contains("add: expected two tensors of one integer type, got int64 and int32"))
  }
}
