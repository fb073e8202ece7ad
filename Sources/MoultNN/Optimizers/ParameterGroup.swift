import MoultCore

/// Parameters with a learning rate or a weight decay of their own, for the `groups:` of an optimizer.
///
/// ```swift
/// let grouped = AdamW(
///   model.parameters(), learningRate: 1e-3,
///   groups: [.noDecay, .named("0.*", of: model, learningRate: .scaled(0.1))])
/// ```
///
/// A parameter that no group contains has the settings of the optimizer. If several groups contain it, the first one
/// that sets a learning rate gives its rate, and the first one that sets a weight decay gives its decay, so list a
/// special case before a general one. A group all of whose settings are hidden by earlier groups stops the program.
public struct ParameterGroup: Sendable {
  /// The learning rate or weight decay of a group.
  public enum Setting: Sendable {
    /// The setting of the optimizer times a factor, at least 0. A schedule of the optimizer's setting applies.
    case scaled(Double)
    /// A value of its own, at least 0. A schedule of the optimizer's setting does not apply.
    case fixed(Double)
    /// A value of its own for each step of the optimizer, counted from its first. The count is part of the optimizer's
    /// state dictionary, as `groups.steps`.
    case scheduled(any Schedule)
  }

  /// The description of the group in messages.
  let name: String
  let learningRate, weightDecay: Setting?
  let contains: @Sendable (Parameter) -> Bool
  /// Whether the group may contain no parameter of an optimizer, such as biases in a model without them.
  let mayBeEmpty: Bool

  private init(
    name: String, learningRate: Setting?, weightDecay: Setting?, mayBeEmpty: Bool,
    contains: @escaping @Sendable (Parameter) -> Bool
  ) {
    require(
      learningRate != nil || weightDecay != nil,
      "ParameterGroup \(name): expected a learningRate or a weightDecay, got none")
    for (label, setting) in [("learningRate", learningRate), ("weightDecay", weightDecay)] {
      switch setting {
      case .scaled(let number), .fixed(let number): OptimizerCheck.notNegative(number, label, "ParameterGroup \(name)")
      case .scheduled, nil: break
      }
    }
    self.name = name
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.mayBeEmpty = mayBeEmpty
    self.contains = contains
  }

  private init(name: String, _ members: [Parameter], learningRate: Setting?, weightDecay: Setting?) {
    // The values keep the parameters alive, so that no other parameter gets the identifier of one of them.
    let members = Dictionary(uniqueKeysWithValues: members.map { (ObjectIdentifier($0), $0) })
    self.init(name: name, learningRate: learningRate, weightDecay: weightDecay, mayBeEmpty: false) {
      members[ObjectIdentifier($0)] != nil
    }
  }

  /// Makes a group of the parameters that satisfy a condition.
  ///
  /// - Parameters:
  ///   - learningRate: The learning rate; nil for that of later groups or of the optimizer.
  ///   - weightDecay: The weight decay; nil for that of later groups or of the optimizer.
  ///   - contains: Whether the group contains a parameter of the optimizer.
  public init(
    learningRate: Setting? = nil, weightDecay: Setting? = nil, where contains: @escaping @Sendable (Parameter) -> Bool
  ) {
    self.init(
      name: "of a condition", learningRate: learningRate, weightDecay: weightDecay, mayBeEmpty: true,
      contains: contains)
  }

  /// No weight decay on biases, on the scales of norms and on learned rates: all parameters that are no
  /// ``Module/weights()``, those of rank 0 or 1. The tables of embeddings are weights.
  public static let noDecay = ParameterGroup(
    name: ".noDecay", learningRate: nil, weightDecay: .fixed(0), mayBeEmpty: true
  ) { $0.shape.count < 2 }

  /// Makes a group of all parameters of a part of a model.
  ///
  /// ```swift
  /// let tuned = SGD(
  ///   encoder.parameters() + decoder.parameters(), learningRate: 0.1,
  ///   groups: [.parameters(of: encoder, learningRate: .scaled(0.1))])
  /// ```
  ///
  /// - Parameters:
  ///   - part: The part of the model, such as `model.backbone`; it has parameters.
  ///   - learningRate: The learning rate; nil for that of later groups or of the optimizer.
  ///   - weightDecay: The weight decay; nil for that of later groups or of the optimizer.
  public static func parameters(
    of part: some Module, learningRate: Setting? = nil, weightDecay: Setting? = nil
  ) -> ParameterGroup {
    ParameterGroup(
      name: "of \(type(of: part))", part.parameters(), learningRate: learningRate, weightDecay: weightDecay)
  }

  /// Makes a group of the parameters of a model whose names match a pattern.
  ///
  /// Stops the program if the pattern matches no name; the message lists the nearest names.
  ///
  /// - Parameters:
  ///   - pattern: A name of `namedParameters()`, in which each `*` stands for any characters: `backbone.*`, `*.bias`.
  ///   - model: The model that has the names.
  ///   - learningRate: The learning rate; nil for that of later groups or of the optimizer.
  ///   - weightDecay: The weight decay; nil for that of later groups or of the optimizer.
  /// - Complexity: O(*n* · *m*) in the lengths of the pattern and of all names.
  public static func named(
    _ pattern: String, of model: some Module, learningRate: Setting? = nil, weightDecay: Setting? = nil
  ) -> ParameterGroup {
    let found = model.namedParameters().map {
      ($0.name, $0.parameter, distance: namePattern(pattern, distanceTo: $0.name))
    }
    let members = found.filter { $0.distance == 0 }
    if members.isEmpty {
      let nearest = found.sorted { $0.distance < $1.distance }.prefix(StateMatching.listedProblems).map(\.0)
      require(
        false,
        "ParameterGroup.named: expected a pattern of parameter names, got \"\(pattern)\", which matches none of "
          + "\(type(of: model)); the nearest of its \(found.count) names are \(nearest)")
    }
    return ParameterGroup(
      name: ".named(\"\(pattern)\")", members.map(\.1), learningRate: learningRate, weightDecay: weightDecay)
  }
}
