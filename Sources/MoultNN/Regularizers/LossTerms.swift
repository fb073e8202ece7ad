import MoultCore
import Synchronization

/// Adds a term to the loss of the forward pass that is running, if anybody collects such terms; else does nothing.
///
/// For layers that have a wish about their own inputs or settings, such as `ActivityRegularizer`. A trainer collects; a
/// loop written by hand does with `collectingLossTerms`.
///
/// - Parameter term: A scalar, for a mean loss: an average over the batch, not a sum.
public func addToLoss(_ term: Tensor) {
  require(term.shape.isEmpty, "addToLoss: expected a scalar, got \(term.shape); reduce it first, e.g. with sum()")
  LossTerms.current?.add(term)
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
/// - Parameter body: What to run.
/// - Returns: What `body` returns, and the sum of the terms in the order they were added; nil if there was none.
public func collectingLossTerms<R>(_ body: () throws -> R) rethrows -> (result: R, terms: Tensor?) {
  let terms = LossTerms()
  let result = try LossTerms.$current.withValue(terms, operation: body)
  return (result, terms.sum)
}

/// The terms of one forward pass.
private final class LossTerms: Sendable {
  @TaskLocal static var current: LossTerms?

  private let total = Mutex<Tensor?>(nil)

  var sum: Tensor? { total.withLock { $0 } }

  func add(_ term: Tensor) { total.withLock { total in total = total.map { $0 + term } ?? term } }
}
