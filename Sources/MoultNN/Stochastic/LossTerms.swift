import MoultCore
import Synchronization

/// The terms that layers add to the loss in one forward pass.
final class LossTerms: Sendable {
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
