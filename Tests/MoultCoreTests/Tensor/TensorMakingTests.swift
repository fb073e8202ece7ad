import MoultCore
import MoultTestSupport
import Testing

@Suite struct TensorMakingTests {
  @Test func literalsNest() {
    expectTrue(
      Tensor(2).shape == [] && Tensor([1, 2]).shape == [2] && Tensor([[1, 2], [3, 4], [5, 6]]).shape == [3, 2])
    expectTrue(
      Tensor([[[1], [2]]]).shape == [1, 2, 1] && Tensor([[1, 2], [3, 4]]).scalars(as: Float.self) == [1, 2, 3, 4])
    expectTrue(
      Tensor([Float]()).shape == [0] && Tensor([[Float]]()).shape == [0, 0] && Tensor([[[Float]]]()).shape == [0, 0, 0])
    expectEqual(Tensor(labels: [3, -1]).scalars(as: Int32.self), [3, -1])
  }

  @Test func numbersInOrderAgreeWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("arange") { _, known in
        .arange(
          from: known.start ?? 0, to: known.end ?? 0, step: known.step ?? 1,
          dtype: known.end == 11 ? .int64 : .float64)
      }, [])
    try expectEqual(
      OpReference.errors("linspace") { _, known in
        .linspace(from: known.start ?? 0, to: known.end ?? 0, count: known.count ?? 0, dtype: .float64)
      }, [])
    expectEqual(Tensor.arange(from: 0, to: 3), .arange(3))
    expectEqual(Tensor.arange(from: 3, to: 0).shape, [0])
  }

  @Test(arguments: DType.allCases)
  func constantsOfEveryType(dtype: DType) {
    expectEqual(Tensor.zeros([2, 3], dtype: dtype).scalars(as: Double.self), [0, 0, 0, 0, 0, 0])
    expectTrue(
      Tensor.ones([2], dtype: dtype).scalars(as: Double.self) == [1, 1] && Tensor.ones([2], dtype: dtype).dtype == dtype
    )
    expectTrue(
      Tensor.arange(2, dtype: dtype).scalars(as: Double.self) == [0, 1] && Tensor.arange(0, dtype: dtype).shape == [0])
    expectEqual(Tensor.full([0, 2], 1, dtype: dtype).count, 0)
  }

  @Test func bytesAreFilledInPlace() {
    let x = Tensor(dtype: .int32, shape: [2, 2]) { bytes in
      for i in 0..<4 { bytes.storeBytes(of: Int32(10 * i), toByteOffset: 4 * i, as: Int32.self) }
    }
    expectEqual(x.scalars(as: Int32.self), [0, 10, 20, 30])
  }

  @Test func tooFewScalarsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
    }
    expectTrue(text(result).contains("Tensor(_:shape:): shape [2, 2] holds 4 elements, got 3 scalars"))
  }

  @Test func raggedRowsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([[1, 2], [3]])
    }
    expectTrue(text(result).contains("Tensor(_:): row 0 has 2 elements, row 1 has 1"))
  }

  @Test func labelsBeyond32BitsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(labels: [1 << 31])
    }
    expectTrue(text(result).contains("Tensor(labels:): 2147483648 does not fit 32 bits"))
  }
}
