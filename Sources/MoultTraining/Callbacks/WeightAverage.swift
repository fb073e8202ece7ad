import MoultCore
import MoultNN

/// Averages the weights over training, for a network that is often better than the last step's.
///
/// ```swift
/// let average = WeightAverage(model.parameters(), .exponential(decay: 0.999))
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [average])
/// try trainer.fit(data.train, epochs: 20, batchSize: 100)
/// let test = average.withAverages { model.evaluate(on: data.test, loss: crossEntropy) }
/// ```
///
/// Training itself goes on with the weights as they are. Layers with running statistics must see the training data
/// again with averaged weights, as those statistics belong to other weights.
///
/// To go on in another process, save `stateDictionary()` beside the model and the optimizer.
///
/// - Complexity: O(*n*) time after each step (or epoch), one copy of the parameters.
/// - Source: [Polyak and Juditsky 1992](https://doi.org/10.1137/0330046) for the exponential average,
///   [Izmailov et al. 2018](https://arxiv.org/abs/1803.05407) for the equal one.
public final class WeightAverage: StatefulCallback {
  /// The rule by which weights are averaged.
  public enum Rule: Sendable, Equatable {
    /// After every step `average += (1 - decay) · (weights - average)`, beginning with the first step's weights.
    case exponential(decay: Double)
    /// The mean of the weights after each epoch, from epoch `first` (counted from 1) on: stochastic weight averaging.
    /// One that has begun, and was loaded from a state, goes on whatever the epoch.
    case equal(fromEpoch: Int)
  }

  /// The rule by which weights are averaged.
  public let rule: Rule
  /// The parameters that are averaged.
  public let parameters: [Parameter]
  /// The number of weights that the average holds: steps, or epochs.
  public private(set) var count = 0
  /// One for each parameter; empty at first.
  private var averages: [Tensor] = []
  /// Whether the parameters hold the averages now, and `averages` their own values.
  public private(set) var isSwapped = false

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to average: `model.parameters()`.
  ///   - rule: The rule by which they are averaged. Decays are 0 to 1, not 1; 0.99 to 0.9999 are usual, the
  ///     nearer to 1 the more steps there are.
  public init(_ parameters: [Parameter], _ rule: Rule) {
    require(!parameters.isEmpty, "WeightAverage: expected parameters, got none")
    switch rule {
    case .exponential(let decay):
      require((0..<1).contains(decay), "WeightAverage: expected a decay in 0..<1, got \(decay)")
    case .equal(let first):
      require(first >= 1, "WeightAverage: expected a first epoch >= 1, got \(first)")
    }
    self.parameters = parameters
    self.rule = rule
  }

  /// Adds the weights to an exponential average.
  public func onStepEnd(_ step: StepRecord) {
    if case .exponential(let decay) = rule { add(share: count == 0 ? 1 : 1 - decay) }
  }

  /// Adds the weights to an equal average.
  public func onEpochEnd(_ epoch: EpochRecord) {
    if case .equal(let first) = rule, count > 0 || epoch.epoch >= first { add(share: 1 / Double(count + 1)) }
  }

  private func add(share: Double) {
    require(!isSwapped, "WeightAverage: expected training with its own weights, got the averages; swap() back first")
    withGradients(false) {
      let values = parameters.map { $0.value }
      averages = averages.isEmpty ? values : zip(averages, values).map { $0 + ($1 - $0) * share }
    }
    count += 1
  }

  /// Exchanges weights and averages; a second call exchanges them back.
  ///
  /// Stops the program while nothing has been averaged.
  public func swap() {
    require(count > 0, "WeightAverage: expected an average, got none yet; \(rule) has seen no weights")
    let values = parameters.map { $0.value.detached() }
    for (parameter, average) in zip(parameters, averages) { parameter.value = average }
    averages = values
    isSwapped.toggle()
  }

  /// Runs `body` with the averages in the place of the weights, and puts the weights back, even if it throws.
  ///
  /// The parameters change for all users of the model meanwhile: do not call it while others use the model.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func withAverages<R>(_ body: () throws -> R) rethrows -> R {
    require(!isSwapped, "WeightAverage: expected weights in their place, got the averages; swap() back first")
    swap()
    defer { swap() }
    return try body()
  }

  /// The averages and the number of weights that they hold, from which a run in another process goes on.
  ///
  /// Stops the program while the parameters hold the averages.
  ///
  /// - Returns: Tensors by name: `weightAverage.count` and `weightAverage.average.0` ..., a copy of the parameters.
  public func stateDictionary() -> [String: Tensor] {
    require(!isSwapped, "WeightAverage: expected weights in their place, got the averages; swap() back first")
    var state = CallbackState(prefix: Self.prefix)
    state.set("count", Int64(count))
    state.set("average", averages)
    return state.entries
  }

  /// Loads a state that `stateDictionary()` returned. The rule is not part of it.
  ///
  /// Stops the program while the parameters hold the averages.
  ///
  /// - Parameter state: The state dictionary of a `WeightAverage` of the same parameters.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    require(!isSwapped, "WeightAverage: expected weights in their place, got the averages; swap() back first")
    var rest = CallbackState(prefix: Self.prefix, entries: state)
    let count = try rest.takeCount("count")
    let averages = try count > 0 ? rest.take("average", like: parameters) : []
    try rest.requireEmpty()
    (self.count, self.averages) = (count, averages)
  }

  private static let prefix = "weightAverage"
}
