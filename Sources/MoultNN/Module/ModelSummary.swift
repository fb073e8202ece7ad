import MoultCore

/// The operations of a forward pass with the shapes of their results and the parameters that they read, as
/// ``Module/summary(_:)`` returns them.
public struct ModelSummary: Sendable, Equatable {
  /// One operation of the forward pass.
  public struct Row: Sendable, Equatable {
    /// The name of the operation, such as `linear` or `dropout`.
    public let operation: String
    /// The path of the layer whose parameters or masks the operation uses; empty if there is none.
    public let layer: String
    /// The shape of the result.
    public let outputShape: [Int]
    /// The number of elements of the parameters that this operation is the first to read.
    public let parameterCount: Int
  }

  /// The operations, in the order of their calls.
  public let rows: [Row]
  /// The number of elements of all parameters of the model.
  public let parameterCount: Int
  /// The number of elements of the parameters that are not frozen.
  public let trainableParameterCount: Int
  /// The names of the parameters that the forward pass did not read.
  public let unusedParameters: [String]
}

extension ModelSummary: CustomStringConvertible {
  /// A table with a line for each operation, and the total numbers below it.
  public var description: String {
    let cells =
      [["operation", "layer", "output", "parameters"]]
      + rows.map {
        [$0.operation, $0.layer, "\($0.outputShape)", $0.parameterCount == 0 ? "" : "\($0.parameterCount)"]
      }
    let widths = (0..<4).map { column in cells.map { $0[column].count }.max() ?? 0 }
    let table = cells.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 3 ? space + cell : cell + space
      }.joined(separator: "  ").trimmingTrailingSpaces()
    }
    let total = "\(parameterCount) parameters, \(trainableParameterCount) of them trainable"
    let unused =
      unusedParameters.isEmpty ? [] : ["not read by this pass: \(unusedParameters.joined(separator: ", "))"]
    return (table + [total] + unused).joined(separator: "\n")
  }
}

extension Module where Input == Tensor {
  /// Runs the model once with dropout on and returns its operations with shapes and parameters.
  ///
  /// ```swift
  /// let model = Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 10))
  /// print(model.summary(.zeros([32, 784])))
  /// // operation  layer  output     parameters
  /// // linear     0      [32, 256]      200960
  /// // relu              [32, 256]
  /// // dropout    2      [32, 256]
  /// // linear     3      [32, 10]         2570
  /// // 203530 parameters, 203530 of them trainable
  /// ```
  ///
  /// The pass runs as in `sampling { }`: training is not disturbed, and no layer counts the call.
  ///
  /// - Parameter x: An input of the model; its values do not matter.
  /// - Complexity: One forward pass, which keeps its results until it ends.
  public func summary(_ x: Input) -> ModelSummary {
    let trace = ForwardTrace()
    sampling { withStep(0) { trace.recording { _ = self(x) } } }
    return ModelSummary(of: Discovery(of: self), trace)
  }
}

extension ModelSummary {
  fileprivate init(of model: Discovery, _ trace: ForwardTrace) {
    let record = OperationRecord(trace.operations)
    var unread: [Int: [(name: String, parameter: Parameter)]] = [:]
    var unused: [String] = []
    for entry in model.parameters {
      if let number = record.number(of: entry.parameter.value) {
        unread[number, default: []].append(entry)
      } else {
        unused.append(entry.name)
      }
    }
    var drawing: [Int: String] = [:]
    for draw in trace.draws {
      drawing[draw.operationCount] = model.stochasticLayers.first { $0.layer.dropoutState.calls === draw.layer }?.name
    }
    let owners = unread.mapValues { $0.first.flatMap { model.owner(ofProperty: $0.name) } }
    rows = record.operations.enumerated().map { index, operation in
      let inputs = record.inputNumbers(ofOperation: index)
      let layer = inputs.lazy.compactMap { owners[$0] ?? nil }.first ?? drawing[index] ?? ""
      let read = inputs.flatMap { unread.removeValue(forKey: $0) ?? [] }
      return Row(
        operation: operation.name, layer: layer, outputShape: operation.result.shape,
        parameterCount: read.reduce(0) { $0 + $1.parameter.count })
    }
    unusedParameters = unused
    parameterCount = model.parameters.reduce(0) { $0 + $1.parameter.count }
    trainableParameterCount = model.parameters.reduce(0) { $0 + ($1.parameter.isFrozen ? 0 : $1.parameter.count) }
  }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String { String(reversed().drop { $0 == " " }.reversed()) }
}
