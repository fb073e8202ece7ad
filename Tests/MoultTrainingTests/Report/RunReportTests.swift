import Foundation
import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct RunReportTests {
  /// Fails for XML that is not well-formed, and for numbers in it that are none.
  private func expectSound(_ report: RunReport, _ comment: Comment? = nil) {
    for (name, xml) in [("page", report.html())] + report.charts().map({ ($0.fileName, $0.svg) }) {
      let reader = PageReader(xml)
      expectNil(reader.problem, "\(name): \(reader.problem ?? "") \(comment ?? "")")
      for element in reader.elements where !["meta", "title", "td", "img"].contains(element.name) {
        for key in ["d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "viewBox", "fill-opacity", "transform"] {
          let value = element.attributes[key] ?? ""
          expectTrue(!value.contains("nan") && !value.contains("inf"), "\(name): \(element.name) \(key) = \(value)")
        }
      }
    }
  }

  @Test func pagesAndChartsAreWellFormed() {
    expectSound(ReportFixture.digits())
    expectSound(ReportFixture.houses())
  }

  @Test func everyPartOfARunHasItsChart() {
    expectEqual(
      ReportFixture.digits().charts().map(\.fileName),
      [
        "loss.svg", "accuracy.svg", "learning-rate.svg", "dropout-rates.svg", "confusion.svg", "classes.svg",
        "reliability.svg", "uncertainty.svg", "sparsity.svg", "time-saved.svg", "weight-norms.svg",
      ])
    expectEqual(
      ReportFixture.houses().charts().map(\.fileName),
      [
        "loss.svg", "learning-rate.svg", "dropout-rates.svg", "predictions.svg", "residuals.svg", "coverage.svg",
      ])
  }

  @Test func numbersInThePageAreThoseOfTheLog() throws {
    let report = ReportFixture.digits(), page = PageReader(report.html())
    for record in report.history.epochs {
      let logged = try JSONDecoder().decode(EpochRecord.self, from: Data(record.json.line.utf8))
      let expected: [String: Double?] = [
        "train_loss": logged.trainLoss, "train_accuracy": logged.trainAccuracy,
        "validation_loss": logged.validationLoss, "validation_accuracy": logged.validationAccuracy,
        "learning_rate": logged.learningRate, "steps": Double(logged.steps), "seconds": logged.seconds,
        "samples_per_second": logged.samplesPerSecond, "dropout_rates.dropout1": logged.dropoutRates?["dropout1"],
        "dropout_rates.input": logged.dropoutRates?["input"],
      ]
      let shown = page.values(epoch: record.epoch)
      for (key, value) in expected { expectTrue(shown[key] == value && value != nil, "\(record.epoch) \(key)") }
      expectEqual(shown["dropout_rates.dropout2"], 0.4, "constant")
    }
  }

  @Test func theHeadSaysWhatMatters() {
    let text = PageReader(ReportFixture.digits().html()).text
    for part in [
      "96.3", "right on 10,000 test images", "3.6", "86", "of multiplications skipped", "runs/it'\\''s digits",
    ] { expectTrue(text.contains(part), "\(part)") }
    expectTrue(PageReader(ReportFixture.houses().html()).text.contains("No layer had enough zeros to skip."))
  }

  @Test func savingsAreThoseOfOneStep() {
    let step = "in one training step of 100 samples, measured after training"
    var report = ReportFixture.digits()
    func text() -> String { PageReader(report.html()).text }
    expectTrue(text().contains("were skipped \(step), because one factor was zero; that saved 29.91 ms."))
    expectTrue(text().contains("of multiplications skipped as zeros \(step); that saved 29.91 ms"))
    expectTrue(text().contains("Time of each layer's products, forward and backward, \(step)."))
    expectTrue(!text().contains("most inputs of a layer are zero"))
    for index in report.sparsity.indices { report.sparsity[index].denseSeconds = 1e-5 }
    report.sparsitySamples = 1
    expectTrue(text().contains("one training step of 1 sample, measured"))
    expectEqual(text().components(separatedBy: "; skipping saved no time here").count, 3)
    expectTrue(!text().contains("that saved"))
    report.sparsity = [.init(layer: "a", density: 0, skipped: 1, multiplications: 1, seconds: 1e-5, denseSeconds: 1e-4)]
    expectTrue(text().contains("that saved 90.00 µs"))
  }

  /// Unless the report names it, the best epoch is that of the lowest validation loss.
  @Test func theBestEpochIsThatOfTheValidationLoss() throws {
    var report = ReportFixture.digits()
    report.history = ReportFixture.history(60, overfits: 0.01)
    report.bestEpoch = nil
    let best = try unwrapped(report.history.epochs.min { ($0.validationLoss ?? 9) < ($1.validationLoss ?? 9) })
    let train = try unwrapped(report.history.epochs.min { $0.trainLoss < $1.trainLoss })
    expectNotEqual(best.epoch, train.epoch)
    expectTrue(
      PageReader(report.html()).text.contains("60 epochs; the best was epoch \(best.epoch), with a validation"))
    report.bestEpoch = 7
    expectTrue(PageReader(report.html()).text.contains("60 epochs; the best was epoch 7, with a validation"))
  }

  @Test func theTimeIsThatOfTraining() {
    var report = ReportFixture.digits()
    func figure() -> String? {
      PageReader(report.html()).elements.first {
        $0.attributes["data-metric"] == "seconds" && $0.attributes["data-epoch"] == nil && $0.name != "td"
      }?.attributes["data-value"]
    }
    report.history.seconds = 0.0123
    expectEqual(figure(), "0.0123")
    expectTrue(PageReader(report.html()).text.contains("12.30ms"))
    report.history.seconds = 12.34
    expectTrue(PageReader(report.html()).text.contains("12.3s"))
  }

  @Test func confidenceSaysWhichSamplesItIsOf() {
    var report = ReportFixture.digits()
    func text() -> String { PageReader(report.html()).text }
    let count = (4..<15).reduce(0) { $0 + $1 * $1 * $1 }
    let evaluated = "Evaluated on \(NumberFormat.grouped(count)) "
    expectTrue(
      text().contains(evaluated + "test samples, drawn at random; the temperature was fitted on the other 5,000."))
    expectTrue(text().contains("Of all 10,000 test samples."))
    report.classification?.temperatureSource = .validation(1_200)
    report.classification?.uncertainty?.drawnFrom = 20_000
    expectTrue(text().contains(evaluated + "test samples; the temperature was fitted on 1,200 of the validation part."))
    expectTrue(text().contains("Of 10,000 test samples, drawn at random from 20,000."))
    report.classification?.temperatureSource = nil
    expectTrue(text().contains(evaluated + "samples."))
  }

  @Test func inPrintALeadStaysInOnePiece() {
    let rule = ReportFixture.digits().html().components(separatedBy: "{break-inside:avoid}").first ?? ""
    expectTrue(rule.hasSuffix(",.lead"))
  }

  @Test func imagesAreInThePage() {
    let images = PageReader(ReportFixture.digits().html()).elements.filter { $0.name == "img" }
    expectEqual(images.count, 8)
    expectTrue(images.allSatisfy { ($0.attributes["src"] ?? "").hasPrefix("data:image/png;base64,iVBORw0KGgo") })
  }

  @Test func equalReportsGiveEqualBytesAndSmallPages() {
    expectEqual(ReportFixture.digits().html(), ReportFixture.digits().html())
    expectEqual(ReportFixture.digits().charts(), ReportFixture.digits().charts())
    expectLess(ReportFixture.digits().html().utf8.count, 1_000_000)
  }

  @Test func noTextOfTheOutsideBecomesMarkup() {
    let evil = "</title><script>alert(\"1\")</script>'&amp;\u{0}\u{1B}[31m\u{202E}cod\u{FFFF}\n" + "ש"
    var report = ReportFixture.digits()
    (report.title, report.machine, report.started) = (evil, evil, evil)
    report.command = [evil, ""]
    report.configuration = [ReportRow(evil, evil)]
    report.data = DataDescription(name: evil, counts: [(evil, 1)], columns: [ReportRow(evil, evil)])
    report.network = NetworkDescription(summary: evil, parameterCount: 1, layers: [ReportRow(evil, evil)])
    report.ending = .stoppedEarly(evil)
    report.test = FinalMetrics(name: evil, count: 1, accuracy: 0.5)
    report.constantRates = [evil: 0.5]
    report.history.epochs[0].dropoutRates = [evil: 0.1]
    report.classification?.confusion = ConfusionMatrix(classes: [evil, evil + evil], counts: [[1, 2], [3, 4]])
    report.classification?.mostWrong = [
      WrongSample(index: 0, truth: evil, answer: evil, probability: 1, content: .fields([ReportRow(evil, evil)]))
    ]
    report.classification?.uncertainty?.measure = evil
    report.sparsity = [LayerSparsity(layer: evil, density: 0.5, skipped: 0.5, multiplications: 1)]
    report.weightNorms = [WeightNorms(layer: evil, mean: 1, min: 1, max: 1)]
    expectSound(report)
    for xml in [report.html()] + report.charts().map(\.svg) {
      expectTrue(!xml.contains("<script") && !xml.contains("\u{202E}") && !xml.contains("\u{1B}"))
      expectTrue(!PageReader(xml).elements.contains { $0.name == "script" })
    }
    expectTrue(PageReader(report.html()).text.contains("<script>alert(\"1\")</script>"))
    var houses = ReportFixture.houses()
    houses.regression?.target = evil
    houses.remarks = [.sparsity: evil]
    expectSound(houses)
    expectTrue(!houses.html().contains("<script"))
  }

  @Test func anEmptyRunIsAPage() {
    let report = RunReport(title: "", history: History())
    expectSound(report)
    expectTrue(report.charts().isEmpty)
  }

  @Test func numbersThatAreNoneLeaveGaps() {
    var report = ReportFixture.digits()
    for index in report.history.epochs.indices where index % 3 == 1 {
      report.history.epochs[index].trainLoss = .nan
      report.history.epochs[index].validationLoss = .infinity
      report.history.epochs[index].learningRate = -.infinity
    }
    report.test = FinalMetrics(name: "none", count: 0, loss: .nan, accuracy: .nan)
    report.sparsity = [
      LayerSparsity(layer: "a", density: .nan, skipped: .nan, multiplications: .nan, seconds: .nan, denseSeconds: 1)
    ]
    report.weightNorms = [WeightNorms(layer: "a", mean: .nan, min: .nan, max: .infinity, limit: .nan)]
    report.classification?.uncertainty = UncertaintySplit(
      measure: "x", right: [.nan, 0.1], wrong: [.infinity], areaUnderROC: .nan)
    report.ending = .diverged("loss is NaN at step 3")
    expectSound(report)
    expectTrue(!PageReader(report.html()).text.lowercased().contains("nan %"))
  }

  @Test func allLossesThatAreNoneGiveNoChart() {
    var report = RunReport(title: "x", history: ReportFixture.history(3))
    for index in 0..<3 {
      (report.history.epochs[index].trainLoss, report.history.epochs[index].validationLoss) = (.nan, nil)
      report.history.epochs[index].trainEvaluationLoss = nil
    }
    expectSound(report)
    expectTrue(!report.charts().contains { $0.fileName == "loss.svg" })
  }

  @Test func oneEpochIsADot() throws {
    let report = RunReport(title: "x", history: ReportFixture.history(1))
    expectSound(report)
    let loss = try unwrapped(report.charts().first)
    expectTrue(loss.svg.contains("h0") && loss.svg.contains("class=\"mark s0\""))
  }

  @Test func tenThousandEpochsStaySmallAndKeepTheExtremes() throws {
    var report = RunReport(title: "x", history: ReportFixture.history(10_000))
    report.history.epochs[5_000].trainLoss = 77.5
    let loss = try unwrapped(report.charts().first)
    expectLess(loss.svg.utf8.count, 120_000)
    expectLess(report.html().utf8.count, 1_000_000)
    // The spike is the end of the axis: if it was kept, one point lies alone far above all others.
    let curves = loss.svg.matches(of: #/ d="([^"]+)"/#).map { String($0.1) }.filter { $0.count > 1_000 }
    let heights = curves.flatMap { $0.matches(of: #/[ML][0-9.]+ ([0-9.]+)/#).compactMap { Double($0.1) } }.sorted()
    expectTrue(heights.count > 500 && heights[1] - heights[0] > 20, "\(heights.prefix(3))")
    expectSound(report)
  }

  @Test(arguments: [0, 1, 20, 21, 300])
  func anyNumberOfClassesHasAChart(count: Int) {
    var report = RunReport(title: "x", history: History())
    report.classification = ClassificationReport()
    let names = (0..<count).map { "a rather long class name \($0)" }
    report.classification?.confusion = ConfusionMatrix(
      classes: names, counts: names.indices.map { row in [Int](repeating: row % 7, count: count) })
    expectSound(report)
    expectEqual(report.charts().contains { $0.fileName == "confusion.svg" }, count > 0)
  }

  @Test func aMatrixWithoutSamplesIsDrawn() {
    var report = RunReport(title: "x", history: History())
    report.classification = ClassificationReport()
    report.classification?.confusion = ConfusionMatrix(classes: ["a", "b"], counts: [])
    report.regression = nil
    expectSound(report)
    expectTrue(report.html().contains("No samples."))
  }

  @Test func aRegressionWithoutSamplesIsAPage() {
    var report = ReportFixture.houses()
    let metrics = RegressionReport.Metrics(rootMeanSquaredError: .nan, meanAbsoluteError: .nan, determination: .nan)
    report.regression = RegressionReport(target: "y", truths: [], predictions: [], metrics: metrics, baseline: metrics)
    expectSound(report)
  }

  @Test func theEndingIsThatOfTheHistory() {
    var history = History()
    expectEqual(RunEnding(history), .finished)
    history.stopReason = "enough"
    expectEqual(RunEnding(history), .stoppedEarly("enough"))
    history.interrupted = 15
    expectEqual(RunEnding(history), .interrupted(signal: 15))
    expectTrue(RunReport(title: "x", history: history).html().contains("Interrupted by signal 15"))
  }

  /// Writes the pages that `Scripts/check_report` opens in a browser.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["MOULT_REPORT_OUT"] != nil, "set MOULT_REPORT_OUT to a folder"))
  func pagesForTheBrowserAreWritten() throws {
    let folder = try unwrapped(ProcessInfo.processInfo.environment["MOULT_REPORT_OUT"])
    for (name, report) in [("digits", ReportFixture.digits()), ("houses", ReportFixture.houses())] {
      try report.html().write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
      for chart in report.charts() {
        try chart.svg.write(toFile: "\(folder)/\(name)-\(chart.fileName)", atomically: true, encoding: .utf8)
      }
    }
    try ReportFixture.comparison().html().write(
      toFile: "\(folder)/comparison.html", atomically: true, encoding: .utf8)
  }
}
