import MoultFormats

/// The section about the run: its data, network, settings, and the command that repeats it.
struct SettingsSection {
  let report: RunReport

  var content: RunPage.Content? {
    let cards = [command, data, network, settings].compactMap { $0 }
    guard !cards.isEmpty else { return nil }
    return .init(
      section: .run, title: RunReport.Section.run.title, lead: "What it takes to have the same run again.",
      body: [.grid(cards)], charts: [])
  }

  private var command: Markup? {
    guard !report.command.isEmpty else { return nil }
    let text = report.command.map(\.quotedForShell).joined(separator: " ")
    return .card("Repeat it", [.tag("pre", ["tabindex": "0"], [.tag("code", text: text)])], isWide: true)
  }

  private var data: Markup? {
    guard let data = report.data else { return nil }
    var content: [Markup] = [
      .facts(
        [ReportRow("Name", data.name)] + data.counts.map { ReportRow($0.part, NumberFormat.grouped($0.samples)) })
    ]
    if !data.columns.isEmpty {
      let table = ReportTable(["column", "what it is"], data.columns.map { [.text($0.name), .text($0.value)] })
      content.append(table.folded("\(NumberFormat.grouped(data.columns.count)) columns"))
    }
    return .card("Data", content)
  }

  private var network: Markup? {
    guard let network = report.network else { return nil }
    let facts: [ReportRow?] = [
      ReportRow("Network", network.summary), ReportRow("Parameters", NumberFormat.grouped(network.parameterCount)),
      report.machine.map { ReportRow("Machine", $0) },
    ]
    return .card("Network", [.facts(facts.compactMap { $0 } + network.layers)])
  }

  private var settings: Markup? {
    report.configuration.isEmpty ? nil : .card("Settings", [.facts(report.configuration)], isWide: true)
  }
}
