extension RunReport {
  /// The page: one XHTML-compatible HTML document without scripts that needs no other file.
  package func html() -> String { RunPage(report: self).html }

  /// Every chart of the page as an SVG file of its own.
  package func charts() -> [ReportChart] { RunPage(report: self).charts }
}
