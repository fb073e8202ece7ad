import MoultCore

/// Schedules of the dropout rates of a model's layers.
///
/// The layers are found once, when the object is made. `apply(at:)` only sets their rates, which the next forward pass
/// reads. The rates are no parameters: optimizers and checkpoints do not store them.
///
/// ```swift
/// let one = ScheduledRates(model, CurriculumRate(0.5, over: 10_000))
/// let own = ScheduledRates(model) { name, rate in name == "inputDropout" ? nil : EarlyRate(rate, for: 2_000) }
/// ```
public struct ScheduledRates: Sendable {
  private let layers: [(name: String, layer: any RatedLayer, schedule: any Schedule)]

  /// Sets one schedule for all layers of a model that have a rate, or for some of them.
  ///
  /// Stops the program if a name belongs to no layer with a rate, or if there is no such layer.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - schedule: The rate at each step, 0 to 1.
  ///   - names: The paths of the layers, such as `dropout1` or `blocks.0.dropout`; nil for all layers that have a rate.
  public init(_ model: some Module, _ schedule: any Schedule, layers names: [String]? = nil) {
    let found = Discovery(of: model).rated
    for name in names ?? [] where !found.contains(where: { $0.name == name }) {
      require(
        false,
        "ScheduledRates: expected layers with a rate, got \"\(name)\"; \(type(of: model)) has \(found.map(\.name))")
    }
    self.init(found) { name, _ in names?.contains(name) ?? true ? schedule : nil }
  }

  /// Sets a separate schedule for each layer of a model that has a rate.
  ///
  /// Stops the program if no layer gets a schedule.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - schedule: Returns the schedule of a layer, or nil to leave its rate unchanged. Arguments: the path of the
  ///     layer and its current rate.
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
    for (_, layer, _) in layers { layer.dropoutState.isRateScheduled = true }
  }

  /// Sets the rates of all scheduled layers to their values at a step.
  ///
  /// - Parameter step: The number of steps taken before this one, from 0.
  /// - Complexity: O(*n*) in the number of scheduled layers.
  public func apply(at step: Int) {
    for (_, layer, schedule) in layers { layer.rate = schedule.value(at: step) }
  }

  /// The current rates of the scheduled layers by path.
  public var rates: [String: Double] {
    Dictionary(layers.map { ($0.name, $0.layer.rate) }, uniquingKeysWith: { first, _ in first })
  }
}
