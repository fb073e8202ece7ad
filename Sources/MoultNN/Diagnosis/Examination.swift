import MoultCore

/// The data of one `diagnose(on:)`: the layers and parameters of a model, its draws in training mode, and functions
/// that run the model without changing it.
struct Examination {
  let batch: Tensor
  let found: Discovery
  /// The draws of the stochastic layers in training mode, over all steps that were run.
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

  /// The number of mask units from which a layer needs no further steps: they are enough to measure its rate.
  private static let tellingUnits = 1 << 12
  /// The maximum number of steps: enough for nearly every layer inside a `LayerDrop` to run at least once.
  private static let mostSteps = 64
  /// The maximum number of steps for the largest batches.
  private static let fewestSteps = 4
  /// The number of input elements that all steps together may have, which lowers the maximum number of steps of large
  /// batches.
  private static let mostElements = 1 << 20

  /// Runs steps in training mode until every stochastic layer has drawn enough mask units, or the maximum is reached.
  ///
  /// One step may not be enough: a layer inside a `LayerDrop` runs only in steps that do not skip it, and some masks
  /// have only one or two units.
  private mutating func gatherUses() {
    let steps = min(Self.mostSteps, max(Self.fewestSteps, Self.mostElements / batch.count))
    for step in 0..<steps {
      let (pass, record) = recordingMasks { trained(step: step) }
      uses.add(pass.trace, record)
      if !found.stochasticLayers.contains(where: { wantsFurtherSteps($0.layer) }) { break }
    }
  }

  private func wantsFurtherSteps(_ layer: any StochasticLayer) -> Bool {
    if isFixed(layer) || (layer as? any RatedLayer)?.rate == 0 { return false }
    let masks = uses.masks(of: layer)
    return !uses.hasDrawn(layer) || !masks.isEmpty && masks.reduce(0) { $0 + $1.ownUnits } < Self.tellingUnits
  }

  /// Whether `fixMode(.evaluation)` holds the layer itself. False if it holds only layers inside it.
  func isFixed(_ layer: any StochasticLayer) -> Bool { layer.dropoutState.layerMode.fixed == .evaluation }

  /// Runs a forward pass in evaluation mode.
  func evaluated(step: Int = 0) -> (output: Tensor, trace: ForwardTrace) {
    LayerContext.$current.withValue(.with(ModeScope(.evaluation, for: found.modes))) { traced(step: step) }
  }

  /// Runs a forward pass with stochastic layers in training mode and all other layers in evaluation mode, so that state
  /// such as running statistics does not change.
  func trained(step: Int = 0) -> (output: Tensor, trace: ForwardTrace) {
    LayerContext.$current.withValue(.with(ModeScope(.evaluation, for: found.modes))) {
      let drawing = found.stochasticLayers.map(\.layer.dropoutState.layerMode)
      return LayerContext.$current.withValue(.with(ModeScope(.training, for: drawing))) { traced(step: step) }
    }
  }

  /// Runs the model on the batch and records its mask calls and operations.
  ///
  /// The step scope keeps the layers from counting the calls. The batch requires a gradient if it has a floating-point
  /// type, so that every operation on it is a node of the graph.
  private func traced(step: Int) -> (output: Tensor, trace: ForwardTrace) {
    let buffers = found.buffers.map { ($0.buffer, $0.buffer.value) }
    defer { for (buffer, value) in buffers { buffer.value = value } }
    let trace = ForwardTrace()
    let batch = batch.dtype.supportsGradients ? batch.requiringGradient() : batch
    let output = trace.recording {
      withGradients(true) { withStep(step) { forward(batch) } }
    }
    return (output, trace)
  }

  /// Returns the layer with this state and its path; nil if reflection does not find such a layer.
  func layer(of state: StochasticState?) -> (name: String, layer: any StochasticLayer)? {
    found.stochasticLayers.first { $0.layer.dropoutState.calls === state }
  }

  /// Returns the path of the layer whose parameter is nearest to `node` among its inputs in the graph; nil if no
  /// parameter of the model is among them.
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
  /// Returns the number as text, rounded to `digits` decimals.
  package func text(_ digits: Int) -> String {
    let factor = power(10, Int64(digits))
    guard abs(self) < 1e12 else { return String(self) }
    let scaled = Int64((self * factor).rounded())
    let (whole, rest) = abs(scaled).quotientAndRemainder(dividingBy: Int64(factor))
    let decimals = String(rest)
    return (scaled < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: digits - decimals.count) + decimals
  }
}
