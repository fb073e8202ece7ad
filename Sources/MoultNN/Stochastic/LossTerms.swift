import MoultCore
import Synchronization

/// The loss terms that one scope of `collectingLossTerms` has collected.
final class LossTerms: Sendable {
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
