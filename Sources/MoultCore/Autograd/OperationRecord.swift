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
  /// The tensors that no recorded operation made before they were read: inputs, parameters, constants, random numbers.
  public let sources: [Tensor]
  /// The places that the inputs of each operation come from.
  private let inputs: [[Place]]
  /// The place of each array; the latest of several operations that returned the same view.
  private let places: [ArrayIdentity: Place]

  /// Where a tensor comes from.
  private enum Place {
    case source(Int)
    case operation(Int)
  }

  package init(_ operations: [RecordedOperation]) {
    var places: [ArrayIdentity: Place] = [:], sources: [Tensor] = [], inputs: [[Place]] = []
    for (index, operation) in operations.enumerated() {
      inputs.append(
        operation.inputs.map { input in
          let identity = ArrayIdentity(input.values)
          if let place = places[identity] { return place }
          places[identity] = .source(sources.count)
          sources.append(input)
          return .source(sources.count - 1)
        })
      places[ArrayIdentity(operation.result.values)] = .operation(index)
    }
    (self.operations, self.sources, self.inputs, self.places) = (operations, sources, inputs, places)
  }

  private func number(of place: Place) -> Int {
    switch place {
    case .source(let index): index
    case .operation(let index): sources.count + index
    }
  }

  /// Returns the number of a tensor in ``description``: `0 ..< sources.count` for a source, then one for each operation
  /// in order. Nil if no operation of the record read or made it.
  ///
  /// Two tensors are the same if they are the same view of the same memory. If several operations made it, such as a
  /// reshape to the same shape, the number is that of the last one.
  public func number(of tensor: Tensor) -> Int? { places[ArrayIdentity(tensor.values)].map(number) }

  /// Returns the numbers of the inputs of an operation, in their order.
  public func inputNumbers(ofOperation index: Int) -> [Int] { inputs[index].map(number) }
}

extension OperationRecord: CustomStringConvertible {
  /// One line for each source and each operation, with the numbers of the tensors.
  public var description: String {
    func typed(_ tensor: Tensor) -> String { "\(tensor.dtype) \(tensor.shape)" }
    let lines =
      sources.enumerated().map { "%\($0): \(typed($1))" }
      + operations.enumerated().map { index, operation in
        let arguments =
          inputNumbers(ofOperation: index).map { "%\($0)" } + operation.attributes.map { "\($0.key): \($0.value)" }
        return "%\(sources.count + index) = \(operation.name)(\(arguments.joined(separator: ", "))): "
          + typed(operation.result)
      }
    return lines.joined(separator: "\n")
  }
}

/// Returns the result of `body` and a record of the operations that it calls. Scopes nest; the innermost one records.
///
/// Recording changes no result. Passes of a prediction that would run as one batch run in a loop, so that the record
/// has the operations of each pass.
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
