/// One operation of a forward pass.
public struct RecordedOperation: Sendable {
  /// The value of an attribute: a setting of an operation that is not a tensor.
  public enum Attribute: Sendable, Equatable {
    case bool(Bool)
    case int(Int)
    case ints([Int])
    case double(Double)
    case text(String)
  }

  /// The name of the operation, such as `linear` or `softmax`.
  public let name: String
  /// The settings of the operation, by name, such as the axis of a softmax.
  public let attributes: KeyValuePairs<String, Attribute>
  /// The tensors that the operation read, without gradient history.
  public let inputs: [Tensor]
  /// The tensor that the operation made, with its gradient history.
  public let result: Tensor
  /// Whether the operation is one of ``customOperation(_:_:forward:pullback:)``, whose name its user chose.
  public let isCustom: Bool

  /// The value of an attribute; nil if the operation has no attribute of this name.
  public subscript(_ attribute: String) -> Attribute? { attributes.first { $0.key == attribute }?.value }
}

extension RecordedOperation.Attribute: CustomStringConvertible {
  /// The value as a literal.
  public var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .ints(let values): "\(values)"
    case .double(let value): "\(value)"
    case .text(let value): value
    }
  }
}
