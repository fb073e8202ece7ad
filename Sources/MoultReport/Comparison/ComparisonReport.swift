import MoultTraining

/// Several ways to train the same, each a few times, side by side: what `moult compare` shows.
package struct ComparisonReport: Sendable {
  /// One training.
  package struct Repeat: Sendable {
    /// Its seed; repeats of two arms with the same seed are compared as a pair.
    package var seed: UInt64
    package var history: History
    package var train, test: FinalMetrics?

    package init(seed: UInt64, history: History, train: FinalMetrics? = nil, test: FinalMetrics? = nil) {
      (self.seed, self.history, self.train, self.test) = (seed, history, train, test)
    }
  }

  /// One way to train.
  package struct Arm: Sendable {
    package var name: String
    /// The difference from the other arms, in words.
    package var difference: String
    package var repeats: [Repeat]
    /// The 95 % interval of the mean difference of its test metric from the first arm's, or nil to take one from the
    /// repeats alone.
    package var interval: ClosedRange<Double>?

    package init(name: String, difference: String, repeats: [Repeat]) {
      (self.name, self.difference, self.repeats) = (name, difference, repeats)
    }
  }

  /// The name of the comparison.
  package var title: String
  /// The result of the comparison in a sentence or two: whether dropout lowered the test error, and by how much.
  package var headline: String
  /// The arms; the others are compared with the first.
  package var arms: [Arm]
  /// The arguments of the command that repeats it; the page quotes them for a shell.
  package var command: [String] = []
  /// The settings that all arms share.
  package var configuration: [ReportRow] = []
  package var data: DataDescription?
  package var network: NetworkDescription?
  package var machine: String?
  package var started: String?

  package init(title: String, headline: String, arms: [Arm]) {
    (self.title, self.headline, self.arms) = (title, headline, arms)
  }

  /// The page: one XHTML-compatible HTML document without scripts that needs no other file.
  package func html() -> String { ComparisonPage(report: self).html }

  /// Every chart of the page as an SVG file of its own.
  package func charts() -> [ReportChart] { ComparisonPage(report: self).charts }
}
