import Moult
import MoultReport

/// What a real training run tells its callbacks, and the live view's state after it.
struct LiveFixture {
  let recorder = Recorder()

  init(samples: Int = 40, epochs: Int = 3, batchSize: Int = 10, validates: Bool = true) throws {
    let data = TrainingFixture.points(samples)
    let model = TrainingFixture.model()
    let trainer = Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 0.1, momentum: 0.9), loss: crossEntropy, seed: 3,
      callbacks: [recorder], evaluatedTraining: TrainingFixture.points(samples, seed: 2))
    try trainer.fit(data, validation: validates ? data : nil, epochs: epochs, batchSize: batchSize)
  }

  var plan: TrainingPlan { recorder.plans[0] }

  /// The state after `count` steps of `seconds` each.
  func state(steps count: Int = .max, seconds: Double = 1, title: [String] = ["points", "4-16-3"]) -> LiveState {
    var state = LiveState(title: title, plan: plan)
    for (index, step) in recorder.steps.prefix(count).enumerated() {
      state.add(step, seconds: seconds, elapsed: Double(index + 1) * seconds)
      state.epochs += recorder.epochs.filter { $0.steps == step.step }
    }
    return state
  }
}
