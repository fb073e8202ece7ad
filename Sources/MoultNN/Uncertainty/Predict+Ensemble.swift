import MoultCore

/// Returns the joint prediction of an ensemble of models without dropout, the usual baseline for Monte Carlo dropout.
///
/// Each model counts as one pass and runs in evaluation mode without gradients.
///
/// - Shapes: `x: [N, ...]`. `mean` and `variance` have the shape of the output (for a heteroscedastic regression, of
///   its first half), `entropy` and `mutualInformation` that of the output without the last axis.
/// - Complexity: One forward pass of each model.
/// - Source: [Lakshminarayanan et al. 2017](https://arxiv.org/abs/1612.01474).
///
/// - Parameters:
///   - x: The input.
///   - models: The models, at least one, usually trained with different seeds.
///   - task: Whether outputs are class logits, whose probabilities are averaged, or predicted values; nil for the task
///     that the first model declares (``TaskDeclaring``) or `targets` imply. If none of them says it, a single output
///     is a value, and several are taken as logits, with a warning on standard error.
///   - targets: The true values, to compute `logLikelihood`.
/// - Returns: The mean, the variance and the uncertainty metrics of the task.
public func predict(
  _ x: Tensor, ensemble models: [any Module<Tensor, Tensor>], as task: LearningTask? = nil,
  targets: ObservedTargets? = nil
) -> Prediction {
  require(!models.isEmpty, "predict: expected at least one model, got none")
  require(x.rank >= 1, "predict: expected x: [N, ...], got []; a scalar has no batch axis")
  var statistics = PassStatistics(
    task: task ?? models.first?.declaredTask, passes: models.count, targets: targets, wantedError: nil)
  statistics.begin(rows: 0..<x.shape[0])
  for model in models {
    statistics.add(model.infer { model(x) }, passes: 1)
  }
  statistics.end()
  return statistics.prediction()
}
