import MoultTraining

/// The results of `moult compare`: several training configurations (arms), each trained several times (repeats).
package struct ComparisonReport: Sendable {
  /// One training run of an arm.
  package struct Repeat: Sendable {
    /// The seed of the run. Repeats of two arms with the same seed are compared in pairs.
    package var seed: UInt64
    package var history: History
    package var train, test: FinalMetrics?

    package init(seed: UInt64, history: History, train: FinalMetrics? = nil, test: FinalMetrics? = nil) {
      (self.seed, self.history, self.train, self.test) = (seed, history, train, test)
    }
  }

  /// One training configuration with its repeats.
  package struct Arm: Sendable {
    package var name: String
    /// The settings that differ from the other arms, in words.
    package var difference: String
    package var repeats: [Repeat]
    /// The 95 % confidence interval of the mean difference of the test metric from the first arm; `nil` to compute it
    /// from the repeats.
    package var interval: ClosedRange<Double>?

    package init(name: String, difference: String, repeats: [Repeat]) {
      (self.name, self.difference, self.repeats) = (name, difference, repeats)
    }
  }

  /// The title of the comparison.
  package var title: String
  /// The result in one or two sentences: whether dropout lowered the test error, and by how much.
  package var headline: String
  /// The arms. All others are compared with the first.
  package var arms: [Arm]
  /// The arguments of the command that repeats the comparison. The page quotes them for a shell.
  package var command: [String] = []
  /// The settings that are the same for all arms.
  package var configuration: [ReportRow] = []
  package var data: DataDescription?
  package var network: NetworkDescription?
  package var machine: String?
  package var started: String?

  package init(title: String, headline: String, arms: [Arm]) {
    (self.title, self.headline, self.arms) = (title, headline, arms)
  }

  /// Returns the page: a single XHTML-compatible HTML document without scripts and external files.
  package func html() -> String { ComparisonPage(report: self).html }

  /// Returns the charts of the page, each as an SVG file.
  package func charts() -> [ReportChart] { ComparisonPage(report: self).charts }
}
