import MoultCore

/// A rule that changes parameters by their gradients, so that a loss gets smaller.
///
/// ```swift
/// let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)
/// optimizer.step(minimizing: crossEntropy(model(x), labels))
/// ```
public protocol Optimizer: AnyObject {
  /// The parameters that a step changes, in the order that numbers them in `stateDictionary()`.
  var parameters: [Parameter] { get }
  /// The size of the next step; a schedule or you may change it at any time.
  var learningRate: Double { get set }
  /// The strength of the pull of all weights towards 0; a schedule or you may change it at any time.
  ///
  /// Optional: an optimizer without weight decay has 0, and stops the program if it is set to anything else.
  var weightDecay: Double { get set }

  /// Changes the parameters by their gradients. Leaves alone those that have none and those that are frozen.
  func step()

  /// The state that the optimizer keeps between steps, for checkpoints.
  ///
  /// - Returns: Tensors by name; `momentum.3` belongs to the parameter of index 3.
  func stateDictionary() -> [String: Tensor]

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an optimizer of the same kind for the same parameters.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  func load(_ state: [String: Tensor]) throws(MoultError)
}

extension Optimizer {
  /// 0: the weight decay of an optimizer without any.
  public var weightDecay: Double {
    get { 0 }
    set { require(newValue == 0, "\(type(of: self)): expected no weight decay, as it has none, got \(newValue)") }
  }

  /// One whole step: the backward pass of `loss`, the update, and cleared gradients.
  ///
  /// Gradients that were accumulated before are part of the step.
  ///
  /// - Parameter loss: A scalar that depends on the parameters.
  public func step(minimizing loss: Tensor) {
    loss.backward()
    step()
    clearGradients()
  }

  /// Forgets the gradients of all parameters: they have none then, not zeros.
  public func clearGradients() {
    for parameter in parameters { parameter.clearGradient() }
  }

  /// Forgets the gradients of all parameters.
  @available(*, deprecated, renamed: "clearGradients()")
  public func zeroGradients() { clearGradients() }

  /// Calls `update` for every parameter that has a gradient and is not frozen, and then applies the parameter's
  /// constraint.
  ///
  /// - Parameter update: Gets the index, the parameter and its gradient, and changes the parameter's value.
  public func forEachUpdate(_ update: (Int, Parameter, Tensor) -> Void) {
    forEachMovable { index, parameter in
      if let gradient = parameter.gradient { update(index, parameter, gradient) }
    }
  }

  /// The same for updates that are applied where the gradient is computed, and so never read it.
  package func forEachMovable(_ update: (Int, Parameter) -> Void) {
    for (index, parameter) in parameters.enumerated() where !parameter.isFrozen && parameter.hasGradient {
      update(index, parameter)
      parameter.constraint?.apply(to: parameter)
    }
  }
}

/// The checks of arguments that all optimizers share.
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
