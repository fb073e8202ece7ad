import MoultCore
import MoultTestSupport
import Testing

import MoultTraining

@Suite struct DecimalNumberTests {
  private func number(_ text: String) -> Double? { Array(text.utf8).withUnsafeBufferPointer(decimalNumber) }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("1", 1), ("+1", 1), ("-12.5", -12.5), (".5", 0.5), ("5.", 5), ("6.02e23", 6.02e23),
    ("1E-3", 0.001), ("1e+2", 100), ("007", 7), ("9007199254740993", 9_007_199_254_740_992), ("0.1", 0.1),
    ("123456789012345678901234567890", 1.2345678901234568e29), ("1e22", 1e22), ("1e23", 1e23), ("1e-400", 0),
    ("0.000000000000000000000000000001", 1e-30), ("5e-324", .leastNonzeroMagnitude),
    ("1.7976931348623157e308", 1.7976931348623157e308),
  ]) func aNumberIsTheNearest(text: String, value: Double) {
    expectEqual(number(text)?.bitPattern, value.bitPattern)
  }

  @Test(arguments: [
    "", "-", "+", ".", "e5", "1e", "1e+", "0x10", "1,5", "1 2", "inf", "nan", "--1", "1.2.3", "1e999", "12a", "1_000",
    "١",
  ]) func anythingElseIsNone(text: String) {
    expectNil(number(text))
  }

  @Test func whatSwiftWritesIsReadBackExactly() {
    for bits in 0..<20_000 as Range<UInt64> {
      let value = Double(bitPattern: bits &* 0x9E37_79B9_7F4A_7C15)
      guard value.isFinite else { continue }
      expectEqual(number("\(value)")?.bitPattern, value.bitPattern)
    }
  }
}
