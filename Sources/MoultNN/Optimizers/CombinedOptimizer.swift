import MoultCore

/// An optimizer made of several, each for parameters of its own, such as ``Muon`` for matrices and ``AdamW`` for the
/// rest.
///
/// ```swift
/// let combined = CombinedOptimizer([
///   SGD(encoder.parameters(), learningRate: 0.1, momentum: 0.9), AdamW(decoder.parameters(), learningRate: 1e-3),
/// ])
/// ```
///
/// Its learning rate and weight decay are those of the first optimizer. A schedule that sets them changes those of the
/// others by the same factor, so that the ratios of the moment when they were combined remain. Where the first one had
/// 0 at that moment, only 0 can be set.
public final class CombinedOptimizer: Optimizer {
  /// The optimizers, in the order of the parameters.
  public let optimizers: [any Optimizer]
  /// The parameters of all optimizers.
  public let parameters: [Parameter]
  private let learningRates, weightDecays: [Double]

  /// Combines optimizers.
  ///
  /// Stops the program if two of them have the same parameter.
  ///
  /// - Parameter optimizers: The optimizers, at least one.
  public init(_ optimizers: [any Optimizer]) {
    require(!optimizers.isEmpty, "CombinedOptimizer: expected optimizers, got none")
    self.optimizers = optimizers
    parameters = optimizers.flatMap(\.parameters)
    OptimizerCheck.parameters(parameters, "CombinedOptimizer")
    learningRates = optimizers.map(\.learningRate)
    weightDecays = optimizers.map(\.weightDecay)
  }

  /// The learning rate of the first optimizer in the next step. Setting it changes those of the others by the same
  /// factor.
  public var learningRate: Double {
    get { optimizers[0].learningRate }
    set {
      for (optimizer, value) in zip(optimizers, scaled(learningRates, to: newValue, "learning rate")) {
        optimizer.learningRate = value
      }
    }
  }

  /// The weight decay coefficient of the first optimizer in the next step. Setting it changes those of the others by
  /// the same factor.
  public var weightDecay: Double {
    get { optimizers[0].weightDecay }
    set {
      for (optimizer, value) in zip(optimizers, scaled(weightDecays, to: newValue, "weight decay")) {
        optimizer.weightDecay = value
      }
    }
  }

  /// Returns values scaled by the factor that makes the first one `first`.
  private func scaled(_ values: [Double], to first: Double, _ label: String) -> [Double] {
    if first == values[0] { return values }
    require(
      values[0] > 0,
      "CombinedOptimizer: expected a first optimizer with a \(label) above 0 to scale those of the others, got 0; "
        + "list one that has it first")
    // The first value is not computed, so that it is the one that was set, to the last bit.
    return [first] + values.dropFirst().map { $0 * (first / values[0]) }
  }

  /// Updates the parameters by their gradients.
  public func step() {
    for optimizer in optimizers { optimizer.step() }
  }

  /// Returns the states of all optimizers.
  ///
  /// - Returns: Tensors by name. A name is the index of the optimizer and the name in its own state dictionary:
  ///   `1.adam.first.0` belongs to the first parameter of the second optimizer.
  public func stateDictionary() -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (index, optimizer) in optimizers.enumerated() {
      for (name, value) in optimizer.stateDictionary() { state["\(index).\(name)"] = value }
    }
    return state
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a combination of optimizers of the same kinds for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    var parts = Array(repeating: [String: Tensor](), count: optimizers.count)
    for (name, value) in state {
      let pieces = name.split(separator: ".", maxSplits: 1)
      guard pieces.count == 2, let index = Int(pieces[0]), parts.indices.contains(index) else {
        throw MoultError(
          .badData,
          "optimizer state \(name): expected the index of one of \(parts.count) combined optimizers first; is it "
            + "another optimizer's state?")
      }
      parts[index][String(pieces[1])] = value
    }
    let before = optimizers.map { $0.stateDictionary() }
    do throws(MoultError) {
      for (optimizer, part) in zip(optimizers, parts) { try optimizer.load(part) }
    } catch {
      // These loads do not fail, since the states were just read from the same objects.
      for (optimizer, part) in zip(optimizers, before) { try? optimizer.load(part) }
      throw error
    }
  }
}
