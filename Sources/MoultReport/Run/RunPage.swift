/// Creates the HTML page of a run from its sections.
struct RunPage {
  let report: RunReport

  /// The content of one section, and its charts.
  struct Content {
    var section: RunReport.Section
    var title: String
    var lead: String
    var body: [Markup]
    var charts: [Chart]
  }

  /// The contents of all sections that have something to show.
  private var contents: [Content] {
    [
      LearningSection(report: report).content, PredictionsSection(report: report).content,
      ConfidenceSection(report: report).content, SparsitySection(report).content,
      WeightsSection(layers: report.weightNorms).content, SettingsSection(report: report).content,
    ].compactMap { $0 }
  }

  var charts: [ReportChart] { contents.flatMap { $0.charts.map(\.file) } }

  var html: String {
    let found = contents
    let parts = RunReport.Section.allCases.compactMap { section -> ReportDocument.Part? in
      if let content = found.first(where: { $0.section == section }) {
        return .init(id: section.rawValue, title: content.title, lead: content.lead, body: content.body)
      }
      return report.remarks[section].map {
        .init(id: section.rawValue, title: section.title, lead: $0, body: [])
      }
    }
    return ReportDocument(
      kind: "training run", title: report.title, state: state, meta: meta, headline: nil,
      metrics: RunMetrics(report: report).metrics, parts: parts
    ).html
  }

  private var state: (text: String, isBad: Bool) {
    switch report.ending {
    case .finished: ("Finished", false)
    case .interrupted(let signal): ("Interrupted by signal \(signal)", true)
    case .stoppedEarly(let reason): ("Stopped early: \(reason)", false)
    case .diverged(let reason): ("Diverged: \(reason)", true)
    }
  }

  private var meta: [String] {
    [
      report.started, report.data.map(\.name), report.network.map(\.summary), report.machine,
    ].compactMap { $0 }
  }
}

extension RunReport.Section {
  /// The title of the section.
  var title: String {
    switch self {
    case .learning: "How it learned"
    case .predictions: "What it predicts"
    case .confidence: "Whether it knows what it knows"
    case .sparsity: "The zeros it skipped"
    case .weights: "Its weights"
    case .run: "The run"
    }
  }
}
