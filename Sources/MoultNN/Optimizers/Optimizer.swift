import MoultCore

/// An object that updates parameters by their gradients, to reduce a loss.
///
/// ```swift
/// let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)
/// optimizer.step(minimizing: crossEntropy(model(x), labels))
/// ```
public protocol Optimizer: AnyObject {
  /// The parameters that the optimizer updates. The index of a parameter is its number in `stateDictionary()`.
  var parameters: [Parameter] { get }
  /// The learning rate of the next step. Schedules and callers may set it at any time.
  var learningRate: Double { get set }
  /// The weight decay coefficient of the next step. Schedules and callers may set it at any time.
  ///
  /// An optimizer without weight decay need not declare it: by default it is 0, and setting another value stops the
  /// program.
  var weightDecay: Double { get set }

  /// Updates the parameters by their gradients. Parameters that are frozen or have no gradient are not changed.
  func step()

  /// Returns the state that the optimizer keeps between steps, to save in checkpoints.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter: `momentum.3` belongs to the
  ///   parameter of index 3.
  func stateDictionary() -> [String: Tensor]

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an optimizer of the same kind for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  func load(_ state: [String: Tensor]) throws(MoultError)
}

extension Optimizer {
  /// The weight decay coefficient of an optimizer without weight decay: always 0. Setting another value stops the
  /// program.
  public var weightDecay: Double {
    get { 0 }
    set { require(newValue == 0, "\(type(of: self)): expected no weight decay, as it has none, got \(newValue)") }
  }

  /// Takes a complete step: runs the backward pass of `loss`, updates the parameters, and clears the gradients.
  ///
  /// Gradients that were accumulated before the call are added to those of `loss`.
  ///
  /// - Parameter loss: A scalar that depends on the parameters.
  public func step(minimizing loss: Tensor) {
    loss.backward()
    step()
    clearGradients()
  }

  /// Removes the gradients of all parameters. Afterwards parameters have no gradient, instead of one of zeros.
  public func clearGradients() {
    for parameter in parameters { parameter.clearGradient() }
  }

  /// Removes the gradients of all parameters.
  @available(*, deprecated, renamed: "clearGradients()")
  public func zeroGradients() { clearGradients() }

  /// Calls `update` for every parameter that has a gradient and is not frozen, and applies the parameter's constraint
  /// after each call.
  ///
  /// - Parameter update: Updates the value of a parameter. Arguments: the index in `parameters`, the parameter, and its
  ///   gradient.
  public func forEachUpdate(_ update: (Int, Parameter, Tensor) -> Void) {
    forEachMovable { index, parameter in
      if let gradient = parameter.gradient { update(index, parameter, gradient) }
    }
  }

  /// Calls `update` like ``forEachUpdate(_:)``, but without reading the gradient, so that the update can be applied
  /// where the gradient is computed.
  package func forEachMovable(_ update: (Int, Parameter) -> Void) {
    for (index, parameter) in parameters.enumerated() where !parameter.isFrozen && parameter.hasGradient {
      update(index, parameter)
      parameter.constraint?.apply(to: parameter)
    }
  }
}

/// Checks of the arguments that all optimizers have.
enum OptimizerCheck {
  static func parameters(_ parameters: [Parameter], _ name: String) {
    require(
      !parameters.isEmpty, "\(name): expected parameters, got none; does the model keep its layers in properties?")
    var first: [ObjectIdentifier: Int] = [:]
    for (index, parameter) in parameters.enumerated() {
      if let earlier = first.updateValue(index, forKey: ObjectIdentifier(parameter)) {
        require(false, "\(name): expected each parameter once, got the same one at \(earlier) and \(index)")
      }
    }
  }

  static func notNegative(_ value: Double, _ label: String, _ name: String) {
    require(value >= 0 && value.isFinite, "\(name): expected \(label) >= 0, got \(value)")
  }

  static func decay(_ value: Double, _ label: String, _ name: String) {
    require((0..<1).contains(value), "\(name): expected \(label) in 0..<1, got \(value)")
  }
}
