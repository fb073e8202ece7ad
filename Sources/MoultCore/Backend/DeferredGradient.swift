/// The gradient that a linear layer hands to its input: the product, and the derivative of the rectifier and the dropout
/// that made that input, applied to each tile on its way out.
final class DeferredGradient: DeferredElements, @unchecked Sendable {
  /// `dx = y > 0 ? dx * scale : 0` for `y = dropout(relu(x))`.
  struct Gate {
    let y: Tensor
    let scale: Float
  }

  private struct Work {
    let gradient: Tensor
    let panels: Panels
    /// What a ``StageRecorder`` knows the layer by.
    let layer: UInt64
    var gate: Gate?
  }

  private var work: Work?

  private init(_ work: Work) { self.work = work }

  /// `gradient weights`, `[N, in]`, for a contiguous `gradient: [N, out]`.
  static func result(of gradient: Tensor, panels: Panels, layer: UInt64) -> Tensor {
    tensor(of: Work(gradient: gradient, panels: panels, layer: layer))
  }

  private static func tensor(of work: Work) -> Tensor {
    let rows = work.gradient.shape[0], inputs = work.panels.inputSize
    return Tensor(
      storage: Storage(count: rows * inputs, deferred: DeferredGradient(work)), shape: [rows, inputs])
  }

  /// The gradient `dx` by way of a gate, if `dx` is a layer's and nobody has looked at it.
  static func gated(_ dx: Tensor, _ gate: Gate) -> Tensor? {
    guard let deferred = dx.deferred(as: DeferredGradient.self), dx.shape == gate.y.shape else { return nil }
    return deferred.follow {
      guard var work = deferred.work, work.gate == nil else { return nil }
      work.gate = gate
      return tensor(of: work)
    }
  }

  override func compute(into result: UnsafeMutablePointer<Float>) {
    guard let work else { return }
    let timer = StageTimer(.inputGradient, layer: work.layer)
    let density = work.gradient.density()
    let asLists = Rows.areLists(density: density, width: work.panels.inputSize)
    work.panels.inputGradient(work.gradient, asLists: asLists, gate: work.gate, into: result)
    timer?.stop(gradientDensity: density, usesLists: asLists)
  }

  override func forget() { work = nil }
}
