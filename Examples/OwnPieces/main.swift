// The program of the page "Own pieces", in Documentation.
//
//     swift run -c release OwnPieces

import Moult

/// Rounds to whole numbers; the gradient passes as if nothing had been rounded (the straight-through estimator).
func roundedStraightThrough(_ x: Tensor) -> Tensor {
  customOperation("roundedStraightThrough", [x]) { inputs in
    Tensor(inputs[0].scalars(as: Float.self).map { $0.rounded() }, shape: inputs[0].shape)
  } pullback: { gradient, _, _ in
    [gradient]
  }
}

/// Multiplies each sample by one random factor of mean 1.
final class SampleScale: Module, RatedLayer {
  let dropoutState: DropoutState
  init(_ rate: Double) { dropoutState = DropoutState(rate: rate, of: "SampleScale") }

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return x }  // evaluation, or a rate of 0
    return x * (1 + draws.normal([x.shape[0], 1]) * draws.rate)
  }
}

/// Subtracts a running mean (Ioffe and Szegedy 2015, without the division).
final class Centered: Module {
  let layerMode = LayerMode()
  let runningMean: Buffer
  init(_ size: Int) { runningMean = Buffer(.zeros([size])) }

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard layerMode.current == .training else { return x - runningMean.value }
    let mean = x.mean(axis: 0)
    runningMean.update(runningMean.value * 0.9 + mean * 0.1)
    return x - mean
  }
}

/// The mean of log cosh of the errors: quadratic near 0, linear far from it.
func logCosh(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
  let error = outputs - targets
  return log((exp(error) + exp(-error)) * 0.5).mean()
}

/// Changes each weight against a moving average of the sign of its gradient (Bernstein et al. 2018).
final class SignDescent: GroupedOptimizer {
  var settings: OptimizerSettings
  private var signs: ParameterBuffers

  init(_ parameters: [Parameter], learningRate: Double, groups: [ParameterGroup] = []) {
    settings = OptimizerSettings(parameters, learningRate: learningRate, groups: groups, name: "SignDescent")
    signs = ParameterBuffers("signDescent.average", count: parameters.count)
  }

  func step() {
    withGradients(false) {
      forEachUpdate { index, parameter, gradient in
        let sign = (gradient .> 0).cast(to: gradient.dtype) - (gradient .< 0).cast(to: gradient.dtype)
        let average = signs.buffer(at: index, like: parameter)
        average.value = average.value * 0.5 + sign * 0.5
        parameter.value -= average.value * settings.learningRate(at: index)
      }
    }
    settings.finishStep()
  }

  func stateDictionary() -> [String: Tensor] { state(with: signs.state) }
  func load(_ state: [String: Tensor]) throws(MoultError) { try load(state, into: \.signs) }
}

/// Falls with the inverse square root of the step.
struct InverseSquareRoot: Schedule {
  let initial: Double
  func value(at step: Int) -> Double { initial / Double(1 + step).squareRoot() }
}

/// Sets gradients that are not numbers to zero.
struct WithoutNaN: GradientTransform {
  func apply(to parameters: [Parameter], step: Int) {
    for parameter in parameters {
      parameter.gradient = parameter.gradient.map { select($0 .== $0, $0, .zeros($0.shape)) }
    }
  }
}

/// The fraction of predictions that are within 0.1 of the target.
struct WithinTenth: Metric {
  let name = "within_tenth"
  let isBetterLower = false
  private var hits = 0.0, count = 0.0

  var value: Double? { count == 0 ? nil : hits / count }

  mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    hits += (abs(outputs - labels) .<= 0.1).cast(to: .float64).sum().item(as: Double.self)
    count += Double(labels.count)
  }
}

/// Keeps the losses of all epochs.
final class LossCurve: Callback {
  var losses: [Double] = []
  func onEpochEnd(_ epoch: EpochRecord) { losses.append(epoch.trainLoss) }
}

/// Points of the function y = |x|, computed when they are read.
struct Points: Dataset {
  let count = 1_000
  func batch(at indices: [Int]) throws(MoultError) -> Batch {
    let x = Tensor(indices.map { Float($0) / 500 - 1 }, shape: [indices.count, 1])
    return Batch(inputs: x, labels: abs(x), indices: indices)
  }
}

/// Weights as text: a line for each tensor, with its name, its shape and its numbers.
enum TextWeights {
  static func text(_ state: [String: Tensor]) -> String {
    state.sorted { $0.key < $1.key }.map { name, tensor in
      let shape = tensor.shape.map(String.init).joined(separator: " ")
      return "\(name);\(shape);" + tensor.scalars(as: Float.self).map(\.description).joined(separator: " ")
    }.joined(separator: "\n")
  }

  static func tensors(_ text: String) throws(MoultError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (line, content) in text.split(separator: "\n").enumerated() {
      let parts = content.split(separator: ";", omittingEmptySubsequences: false)
      let numbers = parts.last?.split(separator: " ").compactMap { Float($0) } ?? []
      let shape = parts.count == 3 ? parts[1].split(separator: " ").compactMap { Int($0) } : []
      guard parts.count == 3, numbers.count == shape.reduce(1, *) else {
        throw MoultError(.badData, "expected name;shape;numbers, got \(content)", location: "line \(line + 1)")
      }
      state[String(parts[0])] = Tensor(numbers, shape: shape)
    }
    return state
  }
}

func network() -> Sequential {
  Sequential(Linear(1, 32), ReLU(), Centered(32), SampleScale(0.05), Linear(32, 1))
}

let model = withSeed(1) { network() }
let curve = LossCurve()
let trainer = Trainer(
  model, optimizer: SignDescent(model.parameters(), learningRate: 0.01), loss: logCosh, seed: 1,
  metrics: [WithinTenth()], schedule: InverseSquareRoot(initial: 0.02),
  gradientTransforms: [WithoutNaN(), .clipNorm(1)], callbacks: [curve])
let history = try trainer.fit(Points(), validation: Points(), epochs: 20, batchSize: 50)
print("losses:", curve.losses.first ?? .nan, "to", curve.losses.last ?? .nan)
print("within a tenth:", history.last?.validationMetrics?["within_tenth"] ?? .nan)

// The spread of the layer's draws, and the same answer from weights that went through text.
let x = Tensor([[-0.5], [0.25]] as [[Float]])
print("deviations:", sqrt(model.predict(x, passes: 100, as: .regression).variance).reshaped([2]))
let copy = network()
try copy.load(TextWeights.tensors(TextWeights.text(model.stateDictionary())))
let same = copy.infer { copy(x) } == model.infer { model(x) }
print("rounded:", roundedStraightThrough(model.infer { model(x * 4) }).reshaped([2]), "same weights:", same)
precondition(same && (history.last?.validationMetrics?["within_tenth"] ?? 0) > 0.9)
