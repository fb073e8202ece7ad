import MoultCore

/// One look into a model: what reflection finds in it, and how to run it without leaving traces.
struct Examination {
  let batch: Tensor
  let found: Discovery
  /// The model's forward pass.
  private let forward: (Tensor) -> Tensor

  init(of model: some Module<Tensor, Tensor>, on batch: Tensor) {
    self.batch = batch
    found = Discovery(of: model)
    forward = { model($0) }
    assignOrdinals(to: found.stochasticLayers.map(\.layer))
  }

  /// A forward pass in evaluation mode.
  func evaluated(step: Int = 0) -> (output: Tensor, trace: ForwardTrace) {
    ModeScope.$innermost.withValue(ModeScope(.evaluation, for: found.modes)) { traced(step: step) }
  }

  /// A forward pass in which layers that draw are in training mode, and all others in evaluation mode: nothing that the
  /// model keeps, such as running statistics, moves.
  func trained(firstSample: Int = 0, sampleStride: Int = 1) -> (output: Tensor, trace: ForwardTrace) {
    ModeScope.$innermost.withValue(ModeScope(.evaluation, for: found.modes)) {
      let drawing = found.stochasticLayers.flatMap { Discovery(of: $0.layer).modes }
      return ModeScope.$innermost.withValue(ModeScope(.training, for: drawing)) {
        traced(step: 0, firstSample: firstSample, sampleStride: sampleStride)
      }
    }
  }

  /// Inside a step scope, so that no layer counts a use; with a batch that wants a gradient, so that everything that is
  /// done to it leaves a node.
  private func traced(step: Int, firstSample: Int = 0, sampleStride: Int = 1) -> (output: Tensor, trace: ForwardTrace) {
    let trace = ForwardTrace()
    let batch = batch.dtype.isFloatingPoint ? batch.requiringGradient() : batch
    let output = ForwardTrace.$current.withValue(trace) {
      withGradients(true) {
        withStep(step, firstSample: firstSample, sampleStride: sampleStride) { forward(batch) }
      }
    }
    return (output, trace)
  }

  /// The path of a layer that draws; nil if reflection does not find it.
  func path(of state: StochasticState?) -> String? {
    found.stochasticLayers.first { $0.layer.stochasticState === state }?.name
  }

  /// The path of the layer whose parameters are nearest to `node`; nil where none has a gradient.
  func path(nearest node: Node?) -> String? {
    for source in node?.history ?? [] {
      if let entry = found.parameters.first(where: { $0.parameter.leaf === source }) {
        return entry.name.split(separator: ".").dropLast().joined(separator: ".")
      }
    }
    return nil
  }
}

extension Double {
  /// With `digits` decimals.
  package func text(_ digits: Int) -> String {
    let factor = power(10, Int64(digits))
    guard abs(self) < 1e12 else { return String(self) }
    let scaled = Int64((self * factor).rounded())
    let (whole, rest) = abs(scaled).quotientAndRemainder(dividingBy: Int64(factor))
    let decimals = String(rest)
    return (scaled < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: digits - decimals.count) + decimals
  }
}
