import MoultCore

/// Adds a term to the loss of the current forward pass. Does nothing if no loss terms are collected.
///
/// Layers call it to add a penalty on their inputs or settings, as `ActivityRegularizer` does. A trainer collects the
/// terms; a hand-written training loop collects them with `collectingLossTerms`.
///
/// - Parameter term: A scalar. It is added to a mean loss, so it must be an average over the batch, not a sum.
public func addToLoss(_ term: Tensor) {
  require(term.shape.isEmpty, "addToLoss: expected a scalar, got \(term.shape); reduce it first, e.g. with sum()")
  LayerContext.current?.lossTerms?.add(term)
}

/// Adds a term that depends only on the parameters of a layer, such as their divergence from a prior. In each scope of
/// `collectingLossTerms` the term of a layer is added once, however often the layer is used.
///
/// The variational bound has one divergence term for each set of parameters, not one for each use of them
/// ([Kingma, Salimans and Welling 2015](https://arxiv.org/abs/1506.02557), equation 3). A layer may be used more than
/// once: in the second pass of `rDropLoss`, in the heads of `MultiSampleDropout`, or in two places of a model. For a
/// term that depends on the activations, call `addToLoss(_:)`, which adds it at each use.
///
/// - Parameters:
///   - owner: The layer whose term is added.
///   - term: Returns the term, a scalar that is added to a mean loss. It is called only if loss terms are collected and
///     the term of `owner` has not been added yet.
public func addToLoss(once owner: some AnyObject & Sendable, _ term: () -> Tensor) {
  guard let terms = LayerContext.current?.lossTerms, terms.insert(owner) else { return }
  addToLoss(term())
}

/// Runs `body` and returns its result with the sum of the loss terms that layers add, in this task and its child tasks.
///
/// ```swift
/// let (output, extra) = collectingLossTerms { model(inputs) }
/// let loss = crossEntropy(output, labels)
/// optimizer.step(minimizing: extra.map { loss + $0 } ?? loss)
/// ```
///
/// In nested scopes a term is added to the innermost one.
///
/// - Parameter body: The code to run.
/// - Returns: The result of `body`, and the sum of the terms, a scalar, in the order in which they were added; nil if
///   there were none.
public func collectingLossTerms<R>(_ body: () throws -> R) rethrows -> (result: R, terms: Tensor?) {
  let terms = LossTerms()
  let result = try LayerContext.$current.withValue(.with(terms), operation: body)
  return (result, terms.sum)
}

/// Runs an asynchronous `body` and returns its result with the sum of the loss terms that layers add meanwhile.
///
/// - Parameters:
///   - isolation: The actor that `body` runs on, by default the caller's.
///   - body: The code to run.
/// - Returns: The result of `body`, and the sum of the terms, a scalar, in the order in which they were added; nil if
///   there were none.
public func collectingLossTerms<R>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> (result: R, terms: Tensor?) {
  let terms = LossTerms()
  let result = try await LayerContext.$current.withValue(.with(terms), operation: body)
  return (result, terms.sum)
}
