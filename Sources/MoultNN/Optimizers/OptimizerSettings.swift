import MoultCore

/// The parameters of an optimizer, and the learning rate and weight decay of each in the next step.
public struct OptimizerSettings {
  /// The parameters that the optimizer updates.
  public let parameters: [Parameter]
  /// The learning rate of the parameters of no group, at least 0.
  public var learningRate: Double { didSet { OptimizerCheck.notNegative(learningRate, "learningRate", name) } }
  /// The weight decay of the parameters of no group, at least 0.
  public var weightDecay: Double { didSet { OptimizerCheck.notNegative(weightDecay, "weightDecay", name) } }
  /// The name of the optimizer in messages.
  private let name: String
  /// The settings of each parameter's groups; nil for those of the optimizer.
  private let learningRates, weightDecays: [ParameterGroup.Setting?]
  /// The number of steps taken; nil if no group has a schedule.
  private var steps: Int64?

  /// Makes settings.
  ///
  /// Stops the program if there are no parameters, if one is listed twice, if a value is negative, or if a group has
  /// none of the parameters.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - weightDecay: The weight decay, at least 0.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  ///   - name: The name of the optimizer, for messages.
  public init(
    _ parameters: [Parameter], learningRate: Double, weightDecay: Double = 0, groups: [ParameterGroup], name: String
  ) {
    OptimizerCheck.parameters(parameters, name)
    OptimizerCheck.notNegative(learningRate, "learningRate", name)
    OptimizerCheck.notNegative(weightDecay, "weightDecay", name)
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.name = name
    let chosen = Self.choices(of: groups, for: parameters, name)
    learningRates = chosen.map(\.learningRate)
    weightDecays = chosen.map(\.weightDecay)
    let isScheduled = (learningRates + weightDecays).contains { if case .scheduled = $0 { true } else { false } }
    steps = isScheduled ? 0 : nil
  }

  /// Returns the settings that the groups give each parameter: of several groups, those of the first.
  private static func choices(
    of groups: [ParameterGroup], for parameters: [Parameter], _ name: String
  ) -> [(learningRate: ParameterGroup.Setting?, weightDecay: ParameterGroup.Setting?)] {
    var chosen: [(learningRate: ParameterGroup.Setting?, weightDecay: ParameterGroup.Setting?)] =
      Array(repeating: (nil, nil), count: parameters.count)
    for (number, group) in groups.enumerated() {
      let members = parameters.indices.filter { group.contains(parameters[$0]) }
      require(
        !members.isEmpty || group.mayBeEmpty,
        "\(name): expected group \(number), \(group.name), to contain a parameter of this optimizer, got none; "
          + "give the group to the optimizer that updates its parameters")
      var isHidden = !members.isEmpty
      for index in members {
        if group.learningRate != nil, chosen[index].learningRate == nil {
          chosen[index].learningRate = group.learningRate
          isHidden = false
        }
        if group.weightDecay != nil, chosen[index].weightDecay == nil {
          chosen[index].weightDecay = group.weightDecay
          isHidden = false
        }
      }
      require(
        !isHidden,
        "\(name): expected group \(number), \(group.name), to set something, but earlier groups set the same for all "
          + "its parameters; list it before them")
    }
    return chosen
  }

  /// Returns the learning rate of the parameter at an index in the next step.
  public func learningRate(at index: Int) -> Double {
    value(of: learningRates[index], from: learningRate, "learningRate")
  }

  /// Returns the weight decay of the parameter at an index in the next step.
  public func weightDecay(at index: Int) -> Double { value(of: weightDecays[index], from: weightDecay, "weightDecay") }

  private func value(of setting: ParameterGroup.Setting?, from base: Double, _ label: String) -> Double {
    switch setting {
    case nil: return base
    case .scaled(let factor): return base * factor
    case .fixed(let value): return value
    case .scheduled(let schedule):
      let value = schedule.value(at: Int(steps ?? 0))
      OptimizerCheck.notNegative(value, "\(label) of a group", name)
      return value
    }
  }

  /// Returns the gradient of a parameter plus its weight decay times its value (L2 penalty).
  public func decayed(_ gradient: Tensor, of weight: Tensor, at index: Int) -> Tensor {
    let decay = weightDecay(at: index)
    return decay > 0 ? gradient + weight * decay : gradient
  }

  /// Counts a step for the schedules of groups. Call it at the end of each step.
  public mutating func finishStep() { steps = steps.map { $0 + 1 } }

  /// The count of steps if a group has a schedule.
  var state: [String: Tensor] { steps.map { [Self.stepsKey: Tensor([$0], shape: [])] } ?? [:] }

  /// Removes the count of steps from `state` and stores it, if a group has a schedule.
  ///
  /// - Throws: An error of code `.badData` if there is none.
  mutating func take(from state: inout [String: Tensor]) throws(MoultError) {
    guard steps != nil else { return }
    guard let value = state.removeValue(forKey: Self.stepsKey), value.shape.isEmpty, !value.dtype.isFloatingPoint,
      value.item(as: Int64.self) >= 0
    else {
      throw MoultError(
        .badData,
        "optimizer state \(Self.stepsKey): expected a count of steps; was it saved with a schedule for a group?")
    }
    steps = value.item(as: Int64.self)
  }

  private static let stepsKey = "groups.steps"
}
