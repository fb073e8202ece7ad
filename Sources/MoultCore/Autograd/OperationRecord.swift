/// The operations of a forward pass, in the order of their calls, as ``recordingOperations(_:)`` returns them.
///
///     let (_, record) = recordingOperations { model(x) }
///     print(record)
///     // %0: float32 [32, 784]
///     // %1: float32 [10, 784]
///     // %2: float32 [10]
///     // %3 = linear(%0, %1, %2): float32 [32, 10]
///
/// A composed function appears as the operations that it is made of: `mean` as `sum` and `divide`. The record keeps the
/// memory of all tensors that it names.
public struct OperationRecord: Sendable {
  /// The operations, in the order of their calls.
  public let operations: [RecordedOperation]
  /// The number of each tensor: first those that no recorded operation made (inputs, parameters, constants), in the
  /// order in which they are read, then one for each operation.
  private let numbers: [ArrayIdentity: Int]
  /// The tensors that no recorded operation made.
  public let sources: [Tensor]

  init(_ operations: [RecordedOperation]) {
    self.operations = operations
    var made: Set<ArrayIdentity> = [], numbers: [ArrayIdentity: Int] = [:], sources: [Tensor] = []
    for operation in operations {
      for input in operation.inputs {
        let identity = ArrayIdentity(input.values)
        guard !made.contains(identity), numbers[identity] == nil else { continue }
        numbers[identity] = sources.count
        sources.append(input)
      }
      made.insert(ArrayIdentity(operation.result.values))
    }
    for (index, operation) in operations.enumerated() {
      numbers[ArrayIdentity(operation.result.values), default: sources.count + index] = sources.count + index
    }
    (self.numbers, self.sources) = (numbers, sources)
  }

  /// Returns the number of a tensor in ``description``: `0 ..< sources.count` for a source, then one for each operation
  /// in order. Nil if no operation of the record read or made it.
  ///
  /// Two tensors are the same if they are the same view of the same memory.
  public func number(of tensor: Tensor) -> Int? { numbers[ArrayIdentity(tensor.values)] }
}

extension OperationRecord: CustomStringConvertible {
  /// One line for each source and each operation, with the numbers of the tensors.
  public var description: String {
    func typed(_ tensor: Tensor) -> String { "\(tensor.dtype) \(tensor.shape)" }
    func name(_ tensor: Tensor) -> String { number(of: tensor).map { "%\($0)" } ?? "?" }
    let lines =
      sources.enumerated().map { "%\($0): \(typed($1))" }
      + operations.enumerated().map { index, operation in
        let arguments = operation.inputs.map(name) + operation.attributes.map { "\($0.key): \($0.value)" }
        return "%\(sources.count + index) = \(operation.name)(\(arguments.joined(separator: ", "))): "
          + typed(operation.result)
      }
    return lines.joined(separator: "\n")
  }
}

/// Returns the result of `body` and a record of the operations that it calls, in this task and the tasks that it
/// starts.
///
/// Recording changes no result. Passes of a prediction that would run as one batch run in a loop, so that the record has
/// the operations of each pass.
public func recordingOperations<R>(_ body: () throws -> R) rethrows -> (result: R, record: OperationRecord) {
  let trace = ForwardTrace()
  let result = try trace.recording(body)
  return (result, OperationRecord(trace.operations))
}

/// The identity of an array: arrays with equal identities have the same elements.
private struct ArrayIdentity: Hashable {
  private let storage: ObjectIdentifier
  private let offset: Int
  private let shape, strides: [Int]

  init(_ array: NDArray) {
    (storage, offset, shape, strides) = (ObjectIdentifier(array.storage), array.offset, array.shape, array.strides)
  }
}
