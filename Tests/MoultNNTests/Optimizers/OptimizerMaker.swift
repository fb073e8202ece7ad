import MoultCore
import MoultNN

/// A way to make an optimizer, and the shape of the parameters that it takes.
struct OptimizerMaker: Sendable {
  let make: @Sendable ([Parameter]) -> any Optimizer
  private let isForMatrices: Bool

  init(forMatrices: Bool = false, _ make: @escaping @Sendable ([Parameter]) -> any Optimizer) {
    self.make = make
    isForMatrices = forMatrices
  }

  func callAsFunction(_ parameters: [Parameter]) -> any Optimizer { make(parameters) }

  func shape(_ count: Int) -> [Int] { isForMatrices ? [count, 1] : [count] }

  func parameter(_ values: [Double]) -> Parameter { MoultNNTests.parameter(values, shape: shape(values.count)) }

  /// Every optimizer, some with several settings.
  static let all = [
    OptimizerMaker { SGD($0, learningRate: 0.1) }, OptimizerMaker { SGD($0, learningRate: 0.1, momentum: 0.9) },
    OptimizerMaker { SGD($0, learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01) },
    OptimizerMaker { Adam($0, learningRate: 0.1) }, OptimizerMaker { Adam($0, learningRate: 0.1, weightDecay: 0.1) },
    OptimizerMaker { AdamW($0, learningRate: 0.1) }, OptimizerMaker { RMSprop($0, learningRate: 0.1) },
    OptimizerMaker { RMSprop($0, learningRate: 0.1, weightDecay: 0.1, momentum: 0.5, centered: true) },
    // Its steps become so small that it takes a larger rate to arrive.
    OptimizerMaker {
      Adagrad($0, learningRate: 0.1, groups: [ParameterGroup(learningRate: .scaled(10)) { _ in true }])
    },
    OptimizerMaker { Lion($0, learningRate: 0.1, weightDecay: 0.1) },
    OptimizerMaker(forMatrices: true) { Muon($0, learningRate: 0.1) },
    OptimizerMaker {
      let schedule = ParameterGroup(weightDecay: .scheduled(LinearSchedule(from: 0.1, to: 0, over: 9))) { _ in true }
      let others = $0.count > 1 ? [AdamW(Array($0.dropFirst()), learningRate: 0.1)] : []
      return CombinedOptimizer([SGD([$0[0]], learningRate: 0.1, momentum: 0.5, groups: [schedule])] + others)
    },
  ]
}
