extension RunReport {
  /// Returns the page: a single XHTML-compatible HTML document without scripts and external files.
  package func html() -> String { RunPage(report: self).html }

  /// Returns the charts of the page, each as an SVG file.
  package func charts() -> [ReportChart] { RunPage(report: self).charts }
}
