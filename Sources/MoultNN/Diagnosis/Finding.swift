/// A problem or a measurement that `diagnose(on:)` found in a model.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
  /// The severity of the finding.
  public enum Severity: String, Sendable, Comparable, CaseIterable {
    /// A measurement, or something that may be intended.
    case note
    /// Probably a mistake: training goes on, worse than it could.
    case warning
    /// Certainly a mistake, which makes the results wrong.
    case error

    /// A note is less than a warning, and that less than an error.
    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// The kind of a finding; `moult doctor --json` prints the raw values.
  public enum Kind: String, Sendable, CaseIterable {
    /// Random draws in evaluation mode.
    case activeInEvaluation = "active_in_evaluation"
    /// A layer that draws nothing in training mode.
    case neverActiveInTraining = "never_active_in_training"
    /// A rate of 0 or 1.
    case extremeRate = "extreme_rate"
    /// Two workers that draw the same masks.
    case equalMasksOnWorkers = "equal_masks_on_workers"
    /// The fraction of units that a layer keeps.
    case keepRate = "keep_rate"
    /// Units after a ReLU that are never positive.
    case deadUnits = "dead_units"
    /// Weights whose norm is set by the limit, not by the data.
    case saturatedMaxNorm = "saturated_max_norm"
  }

  /// The severity of the finding.
  public let severity: Severity
  /// The kind of the finding.
  public let kind: Kind
  /// The path of the layer's property, as in checkpoints; empty for the whole model.
  public let layer: String
  /// The observation.
  public let what: String
  /// The numbers behind it, by name.
  public let figures: [String: Double]
  /// The advice on what to do, empty for none.
  public let advice: String

  /// `severity: layer: what; advice`.
  public var description: String {
    "\(severity.rawValue): \(layer.isEmpty ? "the model" : layer): \(what)\(advice.isEmpty ? "" : "; \(advice)")"
  }
}

extension Sequence<Finding> {
  /// Whether nothing here is worse than a note.
  public var isHealthy: Bool { allSatisfy { $0.severity == .note } }
}
