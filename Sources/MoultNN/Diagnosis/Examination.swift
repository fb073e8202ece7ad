import MoultCore

/// One look into a model: what reflection finds in it, and how to run it without leaving traces.
struct Examination {
  let batch: Tensor
  let found: Discovery
  /// The draws of the stochastic layers in training mode, over all steps.
  private(set) var uses = LayerUses()
  /// The model's forward pass.
  private let forward: (Tensor) -> Tensor

  init(of model: some Module<Tensor, Tensor>, on batch: Tensor) {
    self.batch = batch
    found = Discovery(of: model)
    forward = { model($0) }
    assignOrdinals(to: found.stochasticLayers.map(\.layer))
    gatherUses()
  }

  /// The number of units whose masks say something about a rate.
  private static let tellingUnits = 1 << 12
  /// The most steps: enough for nearly every layer that is skipped at times.
  private static let mostSteps = 64
  /// The steps that even a large batch gets.
  private static let fewestSteps = 4
  /// The most elements of the inputs of all steps together.
  private static let mostElements = 1 << 20

  /// Runs one step in training mode, and more while they may tell more: a layer inside a `LayerDrop` has its turn only
  /// where that is not skipped, and some masks have a unit or two.
  private mutating func gatherUses() {
    let steps = min(Self.mostSteps, max(Self.fewestSteps, Self.mostElements / batch.count))
    for step in 0..<steps {
      let (pass, record) = recordingMasks { trained(step: step) }
      uses.add(pass.trace, record)
      if !found.stochasticLayers.contains(where: { wantsFurtherSteps($0.layer) }) { break }
    }
  }

  private func wantsFurtherSteps(_ layer: any StochasticLayer) -> Bool {
    if isFrozen(layer) || (layer as? any RatedLayer)?.rate == 0 { return false }
    let masks = uses.masks(of: layer)
    return !uses.hasDrawn(layer) || !masks.isEmpty && masks.reduce(0) { $0 + $1.ownUnits } < Self.tellingUnits
  }

  /// Whether `freeze()` holds the layer itself, not only something that it contains.
  func isFrozen(_ layer: any StochasticLayer) -> Bool { layer.dropoutState.layerMode.isFrozen }

  /// A forward pass in evaluation mode.
  func evaluated(step: Int = 0) -> (output: Tensor, trace: ForwardTrace) {
    LayerContext.$current.withValue(.with(ModeScope(.evaluation, for: found.modes))) { traced(step: step) }
  }

  /// A forward pass in which layers that draw are in training mode, and all others in evaluation mode: nothing that the
  /// model keeps, such as running statistics, moves.
  func trained(step: Int = 0) -> (output: Tensor, trace: ForwardTrace) {
    LayerContext.$current.withValue(.with(ModeScope(.evaluation, for: found.modes))) {
      let drawing = found.stochasticLayers.map(\.layer.dropoutState.layerMode)
      return LayerContext.$current.withValue(.with(ModeScope(.training, for: drawing))) { traced(step: step) }
    }
  }

  /// Runs the model inside a step scope, so that no layer counts a call, and with a batch that requires a gradient, so
  /// that every operation on it leaves a node.
  private func traced(step: Int) -> (output: Tensor, trace: ForwardTrace) {
    let buffers = found.buffers.map { ($0.buffer, $0.buffer.value) }
    defer { for (buffer, value) in buffers { buffer.value = value } }
    let trace = ForwardTrace()
    let batch = batch.dtype.isFloatingPoint ? batch.requiringGradient() : batch
    let output = ForwardTrace.$current.withValue(trace) {
      withGradients(true) { withStep(step) { forward(batch) } }
    }
    return (output, trace)
  }

  /// A layer that draws, with its path; nil if reflection does not find it.
  func layer(of state: StochasticState?) -> (name: String, layer: any StochasticLayer)? {
    found.stochasticLayers.first { $0.layer.dropoutState.calls === state }
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
  /// The number with `digits` decimals.
  package func text(_ digits: Int) -> String {
    let factor = power(10, Int64(digits))
    guard abs(self) < 1e12 else { return String(self) }
    let scaled = Int64((self * factor).rounded())
    let (whole, rest) = abs(scaled).quotientAndRemainder(dividingBy: Int64(factor))
    let decimals = String(rest)
    return (scaled < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: digits - decimals.count) + decimals
  }
}
