import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct ComparisonReportTests {
  @Test func thePageAndItsChartsAreWellFormed() {
    let report = ReportFixture.comparison()
    expectNil(PageReader(report.html()).problem)
    expectEqual(report.charts().map(\.fileName), ["loss.svg", "gap.svg", "accuracy.svg", "repeats.svg"])
    for chart in report.charts() { expectNil(PageReader(chart.svg).problem, "\(chart.fileName)") }
    expectEqual(report.html(), ReportFixture.comparison().html())
    expectLess(report.html().utf8.count, 1_000_000)
  }

  @Test func everyRepeatIsThereInFull() {
    let report = ReportFixture.comparison(), page = PageReader(report.html())
    for arm in report.arms {
      for one in arm.repeats {
        let cell = page.elements.first {
          $0.attributes["data-arm"] == arm.name && $0.attributes["data-seed"] == String(one.seed)
            && $0.attributes["data-metric"] == "test_accuracy"
        }
        expectEqual(cell?.attributes["data-value"].flatMap(Double.init), one.test?.accuracy)
      }
    }
  }

  @Test func armsAreNamedInFull() throws {
    var report = ReportFixture.comparison()
    report.arms[0].name = "without dropout"
    let dots = try unwrapped(report.charts().first { $0.fileName == "repeats.svg" })
    expectTrue(dots.svg.contains(">without dropout</text>"))
    expectTrue(PageReader(report.html()).text.contains("test accuracy, without dropout: mean of 3 runs"))
  }

  @Test func armsAreComparedInPairsOfOneSeed() throws {
    func arm(_ name: String, _ figures: [(UInt64, Double)]) -> ComparisonReport.Arm {
      .init(
        name: name, difference: "",
        repeats: figures.map {
          .init(seed: $0.0, history: History(), test: FinalMetrics(name: "t", count: 1, accuracy: $0.1))
        })
    }
    // Seed 9 has no partner; the pairs differ by 0.25 and 0.5 whatever their order.
    let report = ComparisonReport(
      title: "", headline: "", arms: [arm("a", [(1, 0.25), (2, 0.125)]), arm("b", [(2, 0.625), (9, 1), (1, 0.5)])])
    let cell = PageReader(report.html()).elements.first { $0.attributes["data-metric"] == "paired_difference" }
    expectEqual(cell?.attributes["data-value"], "0.375")
  }

  @Test func hostileAndEmptyComparisonsArePages() {
    let evil = "<script>\u{0}&\"'\u{202E}"
    let arm = ComparisonReport.Arm(
      name: evil, difference: evil,
      repeats: [
        .init(
          seed: 1, history: ReportFixture.history(1),
          test: FinalMetrics(name: evil, count: 0, loss: .nan, accuracy: .infinity))
      ])
    for report in [
      ComparisonReport(title: evil, headline: evil, arms: [arm, arm]),
      ComparisonReport(title: "", headline: "", arms: []),
      ComparisonReport(title: "", headline: "", arms: [.init(name: "", difference: "", repeats: [])]),
    ] {
      expectNil(PageReader(report.html()).problem)
      expectTrue(!report.html().contains("<script"))
      for chart in report.charts() { expectNil(PageReader(chart.svg).problem) }
    }
  }
}
