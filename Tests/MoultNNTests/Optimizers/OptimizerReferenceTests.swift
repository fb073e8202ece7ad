import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// 50 steps in Float64 of a small network, as Scripts/reference/make_optimizers.py records them from PyTorch.
@Suite struct OptimizerReferenceTests {
  private struct File: Decodable {
    let x, y: ReferenceTensor
    let start: [String: ReferenceTensor]
    let cases: [String: [String: ReferenceTensor]]
  }

  struct Network: Module {
    let hidden = Linear(3, 4, dtype: .float64), output = Linear(4, 2, dtype: .float64)
    func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
    var matrices: [Parameter] { weights() }
    var biases: [Parameter] { parameters().filter { $0.shape.count == 1 } }
  }

  /// The hidden weights at a tenth of the learning rate, no weight decay on biases, another decay for the output.
  private static func groups(_ model: Network) -> [ParameterGroup] {
    [
      .named("hidden.w*", of: model, learningRate: .scaled(0.1)), .noDecay,
      .parameters(of: model.output, weightDecay: .fixed(0.5)),
    ]
  }

  private static let makers: [String: @Sendable (Network) -> any Optimizer] = [
    "RMSprop": { RMSprop($0.parameters()) },
    "RMSprop, momentum": {
      RMSprop($0.parameters(), learningRate: 5e-3, alpha: 0.9, epsilon: 1e-4, momentum: 0.8)
    },
    "RMSprop, centered": {
      RMSprop($0.parameters(), learningRate: 5e-3, weightDecay: 0.1, momentum: 0.5, centered: true)
    },
    "Adagrad": { Adagrad($0.parameters(), learningRate: 0.1) },
    "Adagrad, all settings": {
      Adagrad(
        $0.parameters(), learningRate: 0.2, learningRateDecay: 0.05, weightDecay: 0.1, initialAccumulatorValue: 0.3,
        epsilon: 1e-3)
    },
    "Lion": { Lion($0.parameters(), learningRate: 0.01) },
    "Lion, all settings": { Lion($0.parameters(), learningRate: 0.02, beta1: 0.8, beta2: 0.95, weightDecay: 0.5) },
    "Muon with AdamW": {
      CombinedOptimizer([Muon($0.matrices, learningRate: 0.02), AdamW($0.biases, learningRate: 0.01)])
    },
    "Muon, all settings": {
      let muon = Muon(
        $0.matrices, learningRate: 0.05, weightDecay: 0.3, momentum: 0.8, nesterov: false,
        newtonSchulzCoefficients: (2, -1.5, 0.5), epsilon: 1e-3, newtonSchulzSteps: 3,
        learningRateAdjustment: .matchRMSAdamW)
      return CombinedOptimizer([muon, SGD($0.biases, learningRate: 0.05)])
    },
    "SGD, groups": {
      SGD(
        $0.parameters(), learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.05, groups: groups($0))
    },
    "Adam, groups": { Adam($0.parameters(), learningRate: 0.02, weightDecay: 0.05, groups: groups($0)) },
    "AdamW, groups": { AdamW($0.parameters(), learningRate: 0.02, weightDecay: 0.05, groups: groups($0)) },
    "RMSprop, groups": { RMSprop($0.parameters(), learningRate: 0.01, weightDecay: 0.05, groups: groups($0)) },
    "Adagrad, groups": { Adagrad($0.parameters(), learningRate: 0.1, weightDecay: 0.05, groups: groups($0)) },
    "Lion, groups": { Lion($0.parameters(), learningRate: 0.01, weightDecay: 0.05, groups: groups($0)) },
    "Muon, groups": {
      let groups: [ParameterGroup] = [
        .named("hidden.weight", of: $0, learningRate: .scaled(0.1)),
        .parameters(of: $0.output, weightDecay: .fixed(0.5)),
      ]
      let muon = Muon($0.matrices, learningRate: 0.05, groups: groups)
      return CombinedOptimizer([muon, SGD($0.biases, learningRate: 0.05)])
    },
    "AdamW, groups and schedule": {
      AdamW($0.parameters(), learningRate: 0.02, weightDecay: 0.05, groups: groups($0))
    },
  ]

  @Test func theyFollowPyTorch() throws {
    let reference = try ReferenceFiles.decode(File.self, from: "optimizers.json")
    expectEqual(reference.cases.keys.sorted(), Self.makers.keys.sorted())
    for (name, make) in Self.makers {
      let model = Network()
      try model.load(reference.start.mapValues(\.tensor))
      let optimizer = make(model), schedule = StepSchedule(optimizer.learningRate, every: 20, factor: 0.5)
      for step in 0..<50 {
        if name.hasSuffix("schedule") { optimizer.learningRate = schedule.value(at: step) }
        optimizer.step(minimizing: meanSquaredError(model(reference.x.tensor), reference.y.tensor))
      }
      for (key, value) in model.stateDictionary() {
        let expected = try unwrapped(reference.cases[name]?[key]).tensor
        expectEqual(mismatches(value, expected, absolute: 1e-10, relative: 0), [], "\(name), \(key)")
      }
    }
  }
}
