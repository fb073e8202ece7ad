import MoultCore

/// Adds a term to the loss of the forward pass that is running, if loss terms are collected; else does nothing.
///
/// It is for layers with a penalty on their own inputs or settings, such as `ActivityRegularizer`. A trainer collects
/// the terms; a loop written by hand does so with `collectingLossTerms`.
///
/// - Parameter term: A scalar, for a mean loss: an average over the batch, not a sum.
public func addToLoss(_ term: Tensor) {
  require(term.shape.isEmpty, "addToLoss: expected a scalar, got \(term.shape); reduce it first, e.g. with sum()")
  LayerContext.current?.lossTerms?.add(term)
}

/// Adds a term that depends on a layer's parameters alone, such as their divergence from a prior: once for each scope
/// of `collectingLossTerms`, however often the layer is used in it.
///
/// The variational bound holds one divergence for each set of parameters, not one for each time that they are used: not
/// for the second pass of `rDropLoss`, the heads of `MultiSampleDropout`, or a layer in two places of a model
/// ([Kingma, Salimans and Welling 2015](https://arxiv.org/abs/1506.02557), equation 3). A term that depends
/// on the activations, such as the penalty of `ActivityRegularizer`, is one of each use: `addToLoss(_:)`.
///
/// - Parameters:
///   - owner: The layer whose term it is.
///   - term: Makes a scalar, for a mean loss; it is not called where no terms are collected, or the owner has added its
///     term.
public func addToLoss(once owner: some AnyObject & Sendable, _ term: () -> Tensor) {
  guard let terms = LayerContext.current?.lossTerms, terms.insert(owner) else { return }
  addToLoss(term())
}

/// Runs `body` and adds up what layers add to the loss meanwhile, in this task and the ones it starts.
///
/// ```swift
/// let (output, extra) = collectingLossTerms { model(inputs) }
/// let loss = crossEntropy(output, labels)
/// optimizer.step(minimizing: extra.map { loss + $0 } ?? loss)
/// ```
///
/// Scopes nest: terms belong to the innermost.
///
/// - Parameter body: The code to run.
/// - Returns: The result of `body`, and the sum of the terms in the order they were added; nil if there was none.
public func collectingLossTerms<R>(_ body: () throws -> R) rethrows -> (result: R, terms: Tensor?) {
  let terms = LossTerms()
  let result = try LayerContext.$current.withValue(.with(terms), operation: body)
  return (result, terms.sum)
}

/// Runs an asynchronous `body` and adds up what layers add to the loss meanwhile.
///
/// - Parameters:
///   - isolation: The actor that `body` runs on: the caller's.
///   - body: The code to run.
/// - Returns: The result of `body`, and the sum of the terms in the order they were added; nil if there was none.
public func collectingLossTerms<R>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> (result: R, terms: Tensor?) {
  let terms = LossTerms()
  let result = try await LayerContext.$current.withValue(.with(terms), operation: body)
  return (result, terms.sum)
}
