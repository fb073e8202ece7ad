import MoultCore
import MoultNN

/// Averages the weights over training: an exponential moving average (EMA, `.exponential(decay:)`) or stochastic weight
/// averaging (SWA, `.equal(fromEpoch:)`). The averaged network often generalizes better than the weights of the last
/// step.
///
/// ```swift
/// let average = WeightAverage(model.parameters(), .exponential(decay: 0.999))
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [average])
/// try trainer.fit(data.train, epochs: 20, batchSize: 100)
/// let test = average.withAverages { model.evaluate(on: data.test, loss: crossEntropy) }
/// ```
///
/// Training itself is not changed. If a model has layers with running statistics, compute the statistics again with the
/// averaged weights, since the existing ones belong to other weights.
///
/// To resume in another process, save `stateDictionary()` together with the model and the optimizer.
///
/// - Complexity: O(*n*) time after each step or epoch, and one copy of the parameters.
/// - Source: [Polyak and Juditsky 1992](https://doi.org/10.1137/0330046) for the exponential average,
///   [Izmailov et al. 2018](https://arxiv.org/abs/1803.05407) for the equal average.
public final class WeightAverage: StatefulCallback {
  /// The method of averaging.
  public enum Rule: Sendable, Equatable {
    /// An exponential moving average. After every step `average += (1 - decay) · (weights - average)`; it starts with
    /// the weights after the first step. `decay` is from 0 to below 1.
    case exponential(decay: Double)
    /// The mean of the weights after each epoch from epoch `fromEpoch` on, counted from 1 (stochastic weight
    /// averaging). An average that was loaded from a state is continued in every epoch.
    case equal(fromEpoch: Int)
  }

  /// The method of averaging.
  public let rule: Rule
  /// The parameters that are averaged.
  public let parameters: [Parameter]
  /// The number of steps (exponential) or epochs (equal) that the average includes.
  public private(set) var count = 0
  /// One tensor for each parameter: the averages, or after `swap()` the weights. Empty before the first step or epoch.
  private var averages: [Tensor] = []
  /// Whether the averages are swapped in: the parameters hold the averages, and this object holds the weights.
  public private(set) var isSwapped = false

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to average, such as `model.parameters()`.
  ///   - rule: The method of averaging. A decay is from 0 to below 1, usually 0.99 to 0.9999: the more steps, the
  ///     nearer to 1.
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

  /// Swaps the weights with the averages; a second call swaps them back.
  ///
  /// Stops the program if there is no average yet.
  public func swap() {
    require(count > 0, "WeightAverage: expected an average, got none yet; \(rule) has seen no weights")
    let values = parameters.map { $0.value.detached() }
    for (parameter, average) in zip(parameters, averages) { parameter.value = average }
    averages = values
    isSwapped.toggle()
  }

  /// Runs `body` with the averages in place of the weights, and restores the weights when `body` returns or throws.
  ///
  /// The parameters change for all users of the model, so the model must not be in use elsewhere during the call. Stops
  /// the program if there is no average yet.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func withAverages<R>(_ body: () throws -> R) rethrows -> R {
    require(!isSwapped, "WeightAverage: expected weights in their place, got the averages; swap() back first")
    swap()
    defer { swap() }
    return try body()
  }

  /// Returns the averages and the number of steps or epochs that they include, so that a run can be resumed in another
  /// process.
  ///
  /// Stops the program if the averages are swapped in.
  ///
  /// - Returns: Tensors by name: `weightAverage.count`, and `weightAverage.average.0` and so on, one for each
  ///   parameter.
  public func stateDictionary() -> [String: Tensor] {
    require(!isSwapped, "WeightAverage: expected weights in their place, got the averages; swap() back first")
    var state = CallbackState(prefix: Self.prefix)
    state.set("count", Int64(count))
    state.set("average", averages)
    return state.entries
  }

  /// Loads a state that `stateDictionary()` returned. The method of averaging is not part of it.
  ///
  /// Stops the program if the averages are swapped in.
  ///
  /// - Parameter state: The state dictionary of a `WeightAverage` of the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
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
