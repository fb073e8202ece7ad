/// A problem or a measurement that `diagnose(on:)` found in a model.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
  /// The severity of a finding.
  public enum Severity: String, Sendable, Comparable, CaseIterable {
    /// A measurement, or a setting that may be intended.
    case note
    /// A probable mistake: training works, but worse than it could.
    case warning
    /// A certain mistake: it makes results wrong.
    case error

    /// Whether `a` is less severe than `b`: note < warning < error.
    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// The kind of a finding. `moult doctor --json` prints the raw value.
  public enum Kind: String, Sendable, CaseIterable {
    /// The model draws random numbers in evaluation mode, in a layer or elsewhere.
    case activeInEvaluation = "active_in_evaluation"
    /// A layer draws no random numbers in training mode.
    case neverActiveInTraining = "never_active_in_training"
    /// A layer has a rate of 0 or 1 that is probably a mistake.
    case extremeRate = "extreme_rate"
    /// Two workers draw the same masks.
    case equalMasksOnWorkers = "equal_masks_on_workers"
    /// The fraction of units that a layer keeps in training mode.
    case keepRate = "keep_rate"
    /// Units are positive after a ReLU for no sample.
    case deadUnits = "dead_units"
    /// Nearly all units of a weight have the largest norm that its `MaxNorm` allows.
    case saturatedMaxNorm = "saturated_max_norm"
  }

  /// The severity of the finding.
  public let severity: Severity
  /// The kind of the finding.
  public let kind: Kind
  /// The path of the layer in the model, as in checkpoints; empty for a finding about the whole model.
  public let layer: String
  /// The observation, as text.
  public let what: String
  /// The measured numbers behind the observation, by name; which ones there are depends on the kind.
  public let values: [String: Double]
  /// The numbers that the finding is based on.
  @available(*, deprecated, renamed: "values")
  public var figures: [String: Double] { values }
  /// The advice on how to solve the problem; empty if there is none.
  public let advice: String

  /// The finding in one line: `severity: layer: what; advice`.
  public var description: String {
    "\(severity.rawValue): \(layer.isEmpty ? "the model" : layer): \(what)\(advice.isEmpty ? "" : "; \(advice)")"
  }
}

extension Sequence<Finding> {
  /// Whether all findings are notes.
  public var isHealthy: Bool { allSatisfy { $0.severity == .note } }
}
