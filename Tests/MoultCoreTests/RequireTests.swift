import MoultCore
import MoultTestSupport
import Testing

@Suite struct RequireTests {
  @Test func theTextShowsInReleaseBuildsWithItsPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      require(1 > 2, "Linear(784 -> 256): expected x: [N, 784], got [100, 28, 28]; flatten it first")
    }
    expectTrue(
      text(result).contains(
        "Fatal error: Linear(784 -> 256): expected x: [N, 784], got [100, 28, 28]; flatten it first"))
    expectTrue(text(result).contains("RequireTests.swift"))
  }

  @Test func aTextThatIsNotNeededIsNotMade() {
    var made = false
    func text() -> String {
      made = true
      return ""
    }
    require(true, text())
    expectTrue(!made)
  }
}
