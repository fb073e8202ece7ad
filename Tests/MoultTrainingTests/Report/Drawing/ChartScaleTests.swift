import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct ChartScaleTests {
  @Test func valuesBetweenTheEndsAreBetweenThePlaces() {
    let scale = ChartScale(domain: -1...3, from: 200, to: 0, isLogarithmic: false)
    expectTrue(scale(-1) == 200 && scale(3) == 0 && scale(1) == 100)
    expectEqual(scale(99), 0, "beyond the end")
  }

  @Test func equalFactorsAreEquallyLong() throws {
    let scale = ChartScale(domain: 0.001...1000, from: 0, to: 60, isLogarithmic: true)
    let one = try unwrapped(scale(1)), ten = try unwrapped(scale(10))
    expectTrue(abs(one - 30) < 1e-9 && abs(ten - 40) < 1e-9)
    expectTrue(scale(0) == nil && scale(-1) == nil)
  }

  @Test func whatIsNotANumberHasNoPlace() {
    for isLogarithmic in [false, true] {
      let scale = ChartScale(domain: 1...2, from: 0, to: 1, isLogarithmic: isLogarithmic)
      expectTrue(scale(.nan) == nil && scale(.infinity) == nil && scale(-.infinity) == nil)
    }
    let widest = ChartScale(
      domain: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, from: 0, to: 2, isLogarithmic: false)
    expectEqual(widest(0), 1)
  }

  @Test func aLossThatFallsFarAsksForALogarithmAndACosineDoesNot() {
    expectTrue(ChartScale.asksForLogarithm((1...100).map { 2.3 / Double($0) }))
    expectTrue(!ChartScale.asksForLogarithm((0...99).map { 0.1 * (1 - Double($0 * $0) / 1e4) }))
    expectTrue(!ChartScale.asksForLogarithm([0, 1e-9, 1e-9, 1]))
    expectTrue(!ChartScale.asksForLogarithm([]))
  }
}
