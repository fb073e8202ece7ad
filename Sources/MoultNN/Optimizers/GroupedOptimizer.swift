import MoultCore

/// An optimizer whose learning rate and weight decay ``ParameterGroup``s can change for some parameters.
///
/// An optimizer of your own stores its ``OptimizerSettings`` and reads the values of each parameter from them, and it
/// stores what it remembers between steps in ``ParameterBuffers``:
///
/// ```swift
/// final class HeavyBall: GroupedOptimizer {
///   var settings: OptimizerSettings
///   private var velocities: ParameterBuffers
///
///   init(_ parameters: [Parameter], learningRate: Double, groups: [ParameterGroup] = []) {
///     settings = OptimizerSettings(parameters, learningRate: learningRate, groups: groups, name: "HeavyBall")
///     velocities = ParameterBuffers("heavyBall.velocity", count: parameters.count)
///   }
///
///   func step() {
///     withGradients(false) {
///       forEachUpdate { index, parameter, gradient in
///         let velocity = velocities.buffer(at: index, like: parameter)
///         velocity.value = velocity.value * 0.9 + settings.decayed(gradient, of: parameter.value, at: index)
///         parameter.value = parameter.value - velocity.value * settings.learningRate(at: index)
///       }
///     }
///     settings.finishStep()
///   }
///
///   func stateDictionary() -> [String: Tensor] { state(with: velocities.state) }
///   func load(_ state: [String: Tensor]) throws(MoultError) { try load(state, into: \.velocities) }
/// }
/// ```
public protocol GroupedOptimizer: Optimizer {
  /// The parameters, and the learning rate and weight decay of each.
  var settings: OptimizerSettings { get set }
}

extension GroupedOptimizer {
  /// The parameters that the optimizer updates.
  public var parameters: [Parameter] { settings.parameters }

  /// The learning rate of the next step, at least 0.
  public var learningRate: Double {
    get { settings.learningRate }
    set { settings.learningRate = newValue }
  }

  /// The weight decay coefficient of the next step, at least 0.
  public var weightDecay: Double {
    get { settings.weightDecay }
    set { settings.weightDecay = newValue }
  }

  /// Returns a state dictionary of the settings' state and other states, whose keys must differ.
  ///
  /// - Parameter states: The states of buffers and counts, such as those of ``ParameterBuffers``.
  public func state(with states: [String: Tensor]...) -> [String: Tensor] {
    states.reduce(into: settings.state) { $0.merge($1) { first, _ in first } }
  }

  /// Loads the settings' state and buffers from a state dictionary that has nothing else.
  ///
  /// - Parameters:
  ///   - state: The state dictionary.
  ///   - paths: The buffers to load.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(
    _ state: [String: Tensor], into paths: ReferenceWritableKeyPath<Self, ParameterBuffers>...
  ) throws(MoultError) {
    var rest = state
    var settings = settings, loaded: [ParameterBuffers] = []
    for path in paths {
      var buffers = self[keyPath: path]
      try buffers.take(from: &rest, for: settings.parameters)
      loaded.append(buffers)
    }
    try settings.take(from: &rest)
    try ParameterBuffers.requireNone(left: rest)
    for (path, buffers) in zip(paths, loaded) { self[keyPath: path] = buffers }
    self.settings = settings
  }
}
