import MoultCore
import MoultTestSupport
import Testing

@Suite struct DTypeTests {
  @Test(arguments: [
    (DType.float32, 4, true), (.float64, 8, true), (.int64, 8, false), (.int32, 4, false), (.uint8, 1, false),
    (.bool, 1, false),
  ])
  func sizesAndKinds(dtype: DType, bytes: Int, floating: Bool) {
    expectTrue(dtype.byteCount == bytes && dtype.isFloatingPoint == floating)
    expectEqual(dtype.withScalarType { $0.dtype }, dtype)
    expectEqual(Tensor.zeros([3], dtype: dtype).withContiguousBytes { $0.count }, 3 * bytes)
  }

  @Test func conversionsClampAndNeverTrap() {
    expectTrue(UInt8(converting: -1.0) == 0 && UInt8(converting: 1e300) == 255 && UInt8(converting: Double.nan) == 0)
    expectTrue(
      Int32(converting: Int64.min) == .min && Int64(converting: -1.999) == -1 && Int64(converting: 9.3e18) == .max)
    expectTrue(Bool(converting: Double.nan) && !Bool(converting: -0.0) && true.asInt64 == 1 && false.asDouble == 0)
    expectTrue(Float(converting: 0.1) == 0.1 && Double(converting: Int64(7)) == 7 && Float.nan.asInt64 == 0)
  }
}
