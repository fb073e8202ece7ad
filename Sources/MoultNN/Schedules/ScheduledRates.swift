import MoultCore

/// The schedules of the dropout rates of a model's layers.
///
/// The layers are found once, here; `apply(at:)` only sets numbers, and a forward pass reads them: nothing is built or
/// compiled again, and optimizers and checkpoints hold none of it.
///
/// ```swift
/// let one = ScheduledRates(model, CurriculumRate(0.5, over: 10_000))
/// let own = ScheduledRates(model) { name, rate in name == "inputDropout" ? nil : EarlyRate(rate, for: 2_000) }
/// ```
public struct ScheduledRates: Sendable {
  private let layers: [(name: String, layer: any RatedLayer, schedule: any Schedule)]

  /// Gives the layers of a model that have a rate the same schedule.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - schedule: The rate of each step.
  ///   - names: The paths of the layers, such as `dropout1` or `blocks.0.dropout`; nil for all.
  public init(_ model: some Module, _ schedule: any Schedule, layers names: [String]? = nil) {
    let found = Discovery(of: model).rated
    for name in names ?? [] where !found.contains(where: { $0.name == name }) {
      require(
        false,
        "ScheduledRates: expected layers with a rate, got \"\(name)\"; \(type(of: model)) has \(found.map(\.name))")
    }
    self.init(found) { name, _ in names?.contains(name) ?? true ? schedule : nil }
  }

  /// Gives each layer of a model that has a rate a schedule of its own.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - schedule: Gets a layer's path and its present rate; nil leaves the layer alone.
  public init(_ model: some Module, schedule: (_ name: String, _ rate: Double) -> (any Schedule)?) {
    self.init(Discovery(of: model).rated, schedule)
  }

  private init(
    _ found: [(name: String, layer: any RatedLayer)], _ schedule: (_ name: String, _ rate: Double) -> (any Schedule)?
  ) {
    layers = found.compactMap { name, layer in schedule(name, layer.rate).map { (name, layer, $0) } }
    require(
      !layers.isEmpty,
      "ScheduledRates: expected at least one layer to schedule, got none of \(found.map(\.name)); "
        + "does the model keep its dropout in properties?")
  }

  /// Sets the rates of one step.
  ///
  /// - Parameter step: The number of steps done before, from 0.
  /// - Complexity: O(*layers*).
  public func apply(at step: Int) {
    for (_, layer, schedule) in layers { layer.rate = schedule.value(at: step) }
  }

  /// The present rates of the scheduled layers by their paths.
  public var rates: [String: Double] {
    Dictionary(layers.map { ($0.name, $0.layer.rate) }, uniquingKeysWith: { first, _ in first })
  }
}
