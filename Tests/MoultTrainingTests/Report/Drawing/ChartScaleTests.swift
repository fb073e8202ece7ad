import Moult
import MoultReport
import Testing

@Suite struct ChartScaleTests {
  @Test func valuesBetweenTheEndsAreBetweenThePlaces() {
    let scale = ChartScale(domain: -1...3, from: 200, to: 0, isLogarithmic: false)
    #expect(scale(-1) == 200 && scale(3) == 0 && scale(1) == 100)
    #expect(scale(99) == 0, "beyond the end")
  }

  @Test func equalFactorsAreEquallyLong() throws {
    let scale = ChartScale(domain: 0.001...1000, from: 0, to: 60, isLogarithmic: true)
    let one = try #require(scale(1)), ten = try #require(scale(10))
    #expect(abs(one - 30) < 1e-9 && abs(ten - 40) < 1e-9)
    #expect(scale(0) == nil && scale(-1) == nil)
  }

  @Test func whatIsNotANumberHasNoPlace() {
    for isLogarithmic in [false, true] {
      let scale = ChartScale(domain: 1...2, from: 0, to: 1, isLogarithmic: isLogarithmic)
      #expect(scale(.nan) == nil && scale(.infinity) == nil && scale(-.infinity) == nil)
    }
    let widest = ChartScale(
      domain: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, from: 0, to: 2, isLogarithmic: false)
    #expect(widest(0) == 1)
  }

  @Test func aLossThatFallsFarAsksForALogarithmAndACosineDoesNot() {
    #expect(ChartScale.asksForLogarithm((1...100).map { 2.3 / Double($0) }))
    #expect(!ChartScale.asksForLogarithm((0...99).map { 0.1 * (1 - Double($0 * $0) / 1e4) }))
    #expect(!ChartScale.asksForLogarithm([0, 1e-9, 1e-9, 1]))
    #expect(!ChartScale.asksForLogarithm([]))
  }
}
