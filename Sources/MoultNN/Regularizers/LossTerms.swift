import MoultCore
import Synchronization

/// Adds a term to the loss of the current forward pass. Does nothing if no loss terms are collected.
///
/// Layers call it to add a penalty on their inputs or settings, as `ActivityRegularizer` does. A trainer collects the
/// terms; a hand-written training loop collects them with `collectingLossTerms`.
///
/// - Parameter term: A scalar. It is added to a mean loss, so it must be an average over the batch, not a sum.
public func addToLoss(_ term: Tensor) {
  require(term.shape.isEmpty, "addToLoss: expected a scalar, got \(term.shape); reduce it first, e.g. with sum()")
  LossTerms.current?.add(term)
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
  guard let terms = LossTerms.current, terms.insert(owner) else { return }
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
  let result = try LossTerms.$current.withValue(terms, operation: body)
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
  let result = try await LossTerms.$current.withValue(terms, operation: body)
  return (result, terms.sum)
}

/// The loss terms that one scope of `collectingLossTerms` has collected.
private final class LossTerms: Sendable {
  @TaskLocal static var current: LossTerms?

  private struct Fields {
    var total: Tensor?
    /// The layers whose once-only term has been added. They are kept alive, since the address of a freed object could
    /// be reused by another layer.
    var owners: [ObjectIdentifier: any AnyObject & Sendable] = [:]
  }

  private let fields = Mutex(Fields())

  var sum: Tensor? { fields.withLock { $0.total } }

  func add(_ term: Tensor) { fields.withLock { fields in fields.total = fields.total.map { $0 + term } ?? term } }

  /// Records that the term of `owner` is added; returns false if it was recorded before.
  func insert(_ owner: some AnyObject & Sendable) -> Bool {
    fields.withLock { $0.owners.updateValue(owner, forKey: ObjectIdentifier(owner)) == nil }
  }
}
