import MoultCore

/// The joint prediction of the members of an ensemble, each without dropout: the method that Monte Carlo dropout is
/// compared with.
///
/// Each model counts as one pass, in evaluation mode and without gradients.
///
/// - Shapes: `x: [N, ...]`; `mean` and `variance` like an output, `entropy` and `mutualInformation` `[N]`.
/// - Complexity: one forward pass of each model.
/// - Source: [Lakshminarayanan et al. 2017](https://arxiv.org/abs/1612.01474).
///
/// - Parameters:
///   - x: The input.
///   - models: The members, at least one, trained from different seeds.
///   - task: Whether outputs are logits of classes, whose probabilities are averaged, or regression targets.
///   - targets: The true values, for `logLikelihood`.
/// - Returns: Mean, variance and what else the task allows to say.
public func predict(
  _ x: Tensor, ensemble models: [any Module<Tensor, Tensor>], as task: LearningTask? = nil,
  targets: ObservedTargets? = nil
) -> Prediction {
  require(!models.isEmpty, "predict: expected at least one model, got none")
  require(x.rank >= 1, "predict: expected x: [N, ...], got []; a scalar has no batch axis")
  var statistics = PassStatistics(task: task, passes: models.count, targets: targets, wantedError: nil)
  statistics.begin(rows: 0..<x.shape[0])
  for model in models {
    statistics.add(model.infer { model(x) }, passes: 1)
  }
  statistics.end()
  return statistics.prediction()
}
