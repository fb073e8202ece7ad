import Moult
import MoultTestSupport
import Testing

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (0.12345, 3, "0.123"), (0.9996, 3, "1.000"), (-0.0004, 3, "0.000"), (-1.5, 0, "-2"), (12, 2, "12.00"),
    (1e300, 2, "1e+300"), (.nan, 1, "nan"), (0.05, 1, "0.1"),
  ])
  func fixedRoundsToDecimals(value: Double, digits: Int, text: String) {
    expectEqual(NumberFormat.fixed(value, digits), text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"), (.min, "-9,223,372,036,854,775,808"),
  ])
  func groupedPutsCommas(value: Int, text: String) {
    expectEqual(NumberFormat.grouped(value), text)
  }

  @Test func speedThatIsUnknownIsADash() {
    expectEqual(NumberFormat.grouped(Double.infinity), "-")
    expectEqual(NumberFormat.grouped(1234.6), "1,235")
  }

  @Test(arguments: [(0, "0:00"), (59.6, "1:00"), (750, "12:30"), (3_723, "1:02:03"), (.infinity, "-:--"), (-1, "-:--")])
  func clockShowsMinutes(seconds: Double, text: String) {
    expectEqual(NumberFormat.clock(seconds), text)
  }

  @Test(arguments: [
    (0, "0"), (0.25, "0.2500"), (-3.14159, "-3.142"), (99.999, "100.00"), (12345.6, "12346"), (0.000123456, "1.235e-4"),
    (-7.5e9, "-7.500e9"), (9.99999e-5, "1.000e-4"),
  ])
  func significantKeepsFourDigits(value: Double, text: String) {
    expectEqual(NumberFormat.significant(value), text)
  }

  @Test func percentAndPadding() {
    expectEqual(NumberFormat.percent(0.96124), "96.12 %")
    expectEqual("7".leftPadded(to: 3), "  7")
    expectEqual("7".rightPadded(to: 3), "7  ")
    expectEqual("long".leftPadded(to: 2), "long")
  }

  @Test func aSignIsAlwaysThere() {
    expectEqual(NumberFormat.signed(0.031, 2), "+0.03")
    expectEqual(NumberFormat.signed(-0.031, 2), "-0.03")
    expectEqual(NumberFormat.signed(-0.0001, 2), "+0.00")
  }
}
