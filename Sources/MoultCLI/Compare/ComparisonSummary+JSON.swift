import Moult
import MoultReport

extension ComparisonSummary {
  /// Returns the last line of the `--json` output, which is also the content of `compare.json`.
  func json(out: String) -> JSONOutput {
    let verdict: JSONOutput? = chosen.flatMap { chosen in
      difference(of: chosen).map { difference in
        [
          "arm": .string(chosen.arm.name), "against": .string(baseline?.arm.name ?? ""),
          "verdict": difference.verdict.map { .string($0.rawValue) } ?? .null, "difference": .number(difference.mean),
          "standard_error": .optional(difference.standardError),
          "interval": difference.interval.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null,
          "text": .string(self.verdict),
        ]
      }
    }
    return [
      "schema": 1, "event": "compared", "figure": .string(isClassification ? "test_error" : "test_rmse"),
      "test_samples": .integer(testCount), "arms": .array(arms.map(json)), "answer": verdict ?? .null,
      "out": .string(out),
    ]
  }

  private func json(_ arm: ArmResult) -> JSONOutput {
    func list(_ values: [Double]) -> JSONOutput { .array(values.map { .number($0) }) }
    return [
      "name": .string(arm.arm.name), "model": .string(arm.settings.network.layers.description),
      "variant": .string(arm.settings.network.variantName), "dropout": .number(arm.settings.network.dropout),
      "input_dropout": .number(arm.settings.network.inputDropout), "test": list(arm.testMetrics),
      "train": list(arm.trainMetrics), "loss_gap": list(arm.lossGaps), "validation_loss": list(arm.validationLosses),
      "diverged": arm.divergence.map { .string($0.message) } ?? .null,
      "differences": difference(of: arm).map { list($0.differences) } ?? .null, "seconds": .number(arm.seconds),
    ]
  }
}
