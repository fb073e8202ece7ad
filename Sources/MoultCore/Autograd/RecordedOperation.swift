/// One operation of a forward pass.
///
/// Names are those of the functions. Operators are `add`, `subtract`, `multiply`, `divide`, `negate`, `equal`,
/// `notEqual`, `less`, `lessOrEqual`, `greater`, `greaterOrEqual`, `and`, `or` and `not`. Attributes are:
///
/// | operations | attributes |
/// |---|---|
/// | arithmetic with a number | `number`; `numberFirst`, true for a number minus a tensor |
/// | `pow` with a number | `exponent` |
/// | `softmax`, `logSoftmax`, `argmax`, `argmin`, `concatenate`, `gather`, `unsqueezed`, `squeezed` | `axis` |
/// | `scatter`, `scatterAdd`, `cumsum`, `cumprod` | `axis` |
/// | `argsort` | `axis`, `descending` |
/// | `sum` along axes | `axes`, `keepingDimensions` |
/// | `slice` | `axis`, `start`, `end` (not included) |
/// | `reshape`, `broadcast` | `shape` |
/// | `permute` | `axes` |
/// | `indexSelect` | `indices`; `axis`, if it is not 0 |
/// | `clamp` | `min`, `max`, infinite where there is no bound |
/// | `norm` | `p`, `axes`, `keepingDimensions` |
/// | `unfold`, `fold` | `kernel`, `dilation`, `padding`, `stride` |
/// | `oneHot` | `classes`, `dtype` |
/// | `cast` | `dtype` |
/// | `dropout`, `alphaDropout` | `rate`, `sharing` |
/// | `crossEntropy` | `smoothing` |
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
  /// Whether the operation was made by ``customOperation(_:_:forward:pullback:)``, by a user or by the library. Its
  /// name can be that of another operation.
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
