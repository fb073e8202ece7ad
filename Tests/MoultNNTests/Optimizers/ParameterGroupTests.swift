import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ParameterGroupTests {
  struct Network: Module {
    let backbone = [Linear(2, 2, dtype: .float64), Linear(2, 2, dtype: .float64)], head = Linear(2, 1, dtype: .float64)
    func callAsFunction(_ x: Tensor) -> Tensor { head(backbone[1](backbone[0](x))) }
  }

  /// Sets all weights of a new network to 1, takes a step of SGD with the learning rate 0.5 and weight decay 0.25 along
  /// gradients of 1, and returns the new weights by name: 1 - rate · (1 + decay).
  private func step(_ groups: (Network) -> [ParameterGroup]) -> [String: Double] {
    let model = Network()
    for parameter in model.parameters() { parameter.value = .ones(parameter.shape, dtype: .float64) }
    let optimizer = SGD(model.parameters(), learningRate: 0.5, weightDecay: 0.25, groups: groups(model))
    optimizer.step(minimizing: model.parameters().reduce(Tensor.zeros([], dtype: .float64)) { $0 + $1.value.sum() })
    return model.stateDictionary().mapValues { $0.scalars(as: Double.self)[0] }
  }

  @Test func aGroupSetsItsParametersAndNoOthers() {
    let plain = 1 - 0.5 * 1.25, slow = 1 - 0.0625 * 1.25
    func expect(
      _ weights: [Double], _ biases: [Double], _ comment: String, _ groups: (Network) -> [ParameterGroup]
    ) {
      let values = step(groups), layers = ["backbone.0", "backbone.1", "head"]
      expectEqual(layers.map { values["\($0).weight"] }, weights, comment)
      expectEqual(layers.map { values["\($0).bias"] }, biases, comment)
    }
    expect([plain, plain, plain], [plain, plain, plain], "no group") { _ in [] }
    expect([plain, plain, plain], [0.5, 0.5, 0.5], "no decay") { _ in [.noDecay] }
    expect([slow, slow, plain], [slow, slow, plain], "names") {
      [.named("backbone.*", of: $0, learningRate: .scaled(0.125))]
    }
    expect([plain, slow, plain], [plain, slow, plain], "a part") {
      [.parameters(of: $0.backbone[1], learningRate: .fixed(0.0625))]
    }
    expect([plain, plain, plain], [slow, plain, plain], "a whole name") {
      [.named("backbone.0.bias", of: $0, learningRate: .fixed(0.0625))]
    }
    expect([plain, plain, 1 - 0.5 * 2], [plain, plain, plain], "a condition") { _ in
      [ParameterGroup(weightDecay: .scaled(4)) { $0.shape == [1, 2] }]
    }
    expect([1, slow, plain], [1, 1 - 0.0625, 0.5], "the first group wins, setting by setting") {
      [
        .noDecay, .named("*.0.*", of: $0, learningRate: .fixed(0)),
        .named("backbone*", of: $0, learningRate: .fixed(0.0625), weightDecay: .fixed(0.25)),
      ]
    }
  }

  @Test func schedulesApplyToScaledGroupsAndNotToFixedOnes() throws {
    let (scaled, fixed, own) = (parameter([0]), parameter([0]), parameter([0]))
    func optimizer() -> SGD {
      SGD(
        [scaled, fixed, own], learningRate: 1,
        groups: [
          ParameterGroup(learningRate: .scaled(0.5)) { $0 === scaled },
          ParameterGroup(learningRate: .fixed(2)) { $0 === fixed },
          ParameterGroup(learningRate: .scheduled(LinearSchedule(from: 0, to: 8, over: 8))) { $0 === own },
        ])
    }
    var sgd = optimizer()
    var changes: [[Double]] = []
    for step in 0..<4 {
      // A resumed run goes on with its schedules.
      let state = sgd.stateDictionary()
      expectEqual(state.mapValues { $0.item(as: Int64.self) }, ["groups.steps": Int64(step)])
      sgd = optimizer()
      try sgd.load(state)
      sgd.learningRate = 10 * Double(step)
      let before = sgd.parameters.map { $0.value.item(as: Double.self) }
      sgd.step(minimizing: scaled.value.sum() + fixed.value.sum() + own.value.sum())
      changes.append(zip(before, sgd.parameters).map { $0 - $1.value.item(as: Double.self) })
    }
    expectEqual(changes, [[0, 2, 0], [5, 2, 1], [10, 2, 2], [15, 2, 3]])
    #expect(throws: MoultError.self) { try optimizer().load([:]) }
    #expect(throws: MoultError.self) { try SGD([scaled], learningRate: 1).load(sgd.stateDictionary()) }
  }

  /// The same steps by one optimizer with groups and by one for each group, while gradients are applied tile by tile.
  @Test func groupsAreWhatSeparateOptimizersAre() throws {
    typealias Make = (_ parameters: [Parameter], _ rate: Double, _ decay: Double, _ groups: [ParameterGroup]) ->
      any Optimizer
    let makers: [Make] = [
      { SGD($0, learningRate: $1, momentum: 0.9, weightDecay: $2, groups: $3) },
      { Adam($0, learningRate: $1, weightDecay: $2, groups: $3) },
      { AdamW($0, learningRate: $1, weightDecay: $2, groups: $3) },
      { Lion($0, learningRate: $1, weightDecay: $2, groups: $3) },
    ]
    for (number, make) in makers.enumerated() {
      let together = withSeed(1) { SimpleMLP(inputSize: 40, hiddenSize: 48, outputSize: 3) }
      let apart = withSeed(1) { SimpleMLP(inputSize: 40, hiddenSize: 48, outputSize: 3) }
      let one = make(
        together.parameters(), 0.01, 0.1,
        [.noDecay, .parameters(of: together.hiddenLayer1, learningRate: .scaled(0.5))])
      let first = apart.hiddenLayer1.parameters(),
        rest = apart.hiddenLayer2.parameters() + apart.outputLayer.parameters()
      let several = CombinedOptimizer([
        make([first[0]], 0.005, 0.1, []), make([first[1]], 0.005, 0, []),
        make(rest.filter { $0.shape.count == 2 }, 0.01, 0.1, []),
        make(rest.filter { $0.shape.count == 1 }, 0.01, 0, []),
      ])
      let recorder = ProductRecorder()
      for step in 0..<3 {
        let x = Tensor.randomNormal([64, 40], seed: UInt64(step)), labels = x[0..., 0..<3].argmax()
        for (model, optimizer) in [(together, one), (apart, several)] as [(SimpleMLP, any Optimizer)] {
          withSeed(2) { withStep(step) { crossEntropy(model(x), labels) } }.backward()
          optimizer.step()
          // A gradient that the step did not read is computed now.
          recorder.recording { _ = model.hiddenLayer1.weight.gradient }
          expectEqual(recorder.take().map(\.stage), number < 3 ? [.weightGradient] : [], "maker \(number)")
          optimizer.clearGradients()
        }
      }
      let states = [together, apart].map { $0.stateDictionary() }
      expectEqual(states[0], states[1], "maker \(number)")
    }
  }

  // MARK: - Mistakes

  @Test func patternsOfNoNameAreRefusedWithTheNearestOnes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ParameterGroup.named("bakbone.1.*", of: Network(), learningRate: .scaled(0.1))
    }
    expectTrue(
      message(result).contains(
        "ParameterGroup.named: expected a pattern of parameter names, got \"bakbone.1.*\", which matches none of "
          + "Network; the nearest of its 6 names are [\"backbone.1.weight\", \"backbone.1.bias\", \"backbone.0.weight\""
      ))
  }

  @Test func groupsThatDoNothingAreRefused() async {
    let hidden = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Network()
      let groups: [ParameterGroup] = [
        .named("backbone.*", of: model, learningRate: .scaled(0.1)),
        .parameters(of: model.backbone[0], learningRate: .fixed(0)),
      ]
      _ = Adam(model.parameters(), groups: groups)
    }
    expectTrue(message(hidden).contains("Adam: expected group 1, of Linear, to set something, but earlier groups set"))
    let foreign = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Network()
      let group = ParameterGroup.named("head.*", of: model, weightDecay: .fixed(0))
      _ = Lion(model.backbone[0].parameters(), groups: [.noDecay, group])
    }
    expectTrue(
      message(foreign).contains("Lion: expected group 1, .named(\"head.*\"), to contain a parameter of this optimizer"))
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ParameterGroup { _ in true }
    }
    expectTrue(message(empty).contains("expected a learningRate or a weightDecay, got none"))
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ParameterGroup(learningRate: .scaled(-1)) { _ in true }
    }
    expectTrue(message(negative).contains("expected learningRate >= 0, got -1.0"))
  }
}
