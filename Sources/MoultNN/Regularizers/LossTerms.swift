import MoultCore
import Synchronization

/// Adds a term to the loss of the forward pass that is running, if loss terms are collected; else does nothing.
///
/// It is for layers with a penalty on their own inputs or settings, such as `ActivityRegularizer`. A trainer collects
/// the terms; a loop written by hand does so with `collectingLossTerms`.
///
/// - Parameter term: A scalar, for a mean loss: an average over the batch, not a sum.
public func addToLoss(_ term: Tensor) {
  require(term.shape.isEmpty, "addToLoss: expected a scalar, got \(term.shape); reduce it first, e.g. with sum()")
  LossTerms.current?.add(term)
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
  guard let terms = LossTerms.current, terms.insert(owner) else { return }
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
  let result = try LossTerms.$current.withValue(terms, operation: body)
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
  let result = try await LossTerms.$current.withValue(terms, operation: body)
  return (result, terms.sum)
}

/// The terms of one forward pass.
private final class LossTerms: Sendable {
  @TaskLocal static var current: LossTerms?

  private struct Fields {
    var total: Tensor?
    /// The layers that have added a term which counts once; held, since the address of one that is gone could come back
    /// as another's.
    var owners: [ObjectIdentifier: any AnyObject & Sendable] = [:]
  }

  private let fields = Mutex(Fields())

  var sum: Tensor? { fields.withLock { $0.total } }

  func add(_ term: Tensor) { fields.withLock { fields in fields.total = fields.total.map { $0 + term } ?? term } }

  /// Whether `owner` is new here.
  func insert(_ owner: some AnyObject & Sendable) -> Bool {
    fields.withLock { $0.owners.updateValue(owner, forKey: ObjectIdentifier(owner)) == nil }
  }
}
