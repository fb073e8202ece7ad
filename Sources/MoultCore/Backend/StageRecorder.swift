import Synchronization

/// Listens to the products of linear layers: how long each took and what it skipped.
///
///     let recorder = StageRecorder()
///     recorder.recording { step() }
///     for product in recorder.take() { ... }
///
/// Work outside `recording` pays one look at a task-local variable for each product.
package final class StageRecorder: Sendable {
  /// The three products of training.
  package enum Stage: Sendable, CaseIterable {
    case forward, inputGradient
    /// With the update that is applied to each tile of the weights.
    case weightGradient
  }

  /// One product of one layer.
  package struct Product: Sendable {
    /// The layer's number, in the order of first use.
    package let layer: Int
    /// Which product.
    package let stage: Stage
    /// What it took, with the compression of its operand.
    package let duration: Duration
    /// The share of the layer's input, and of the gradient of its output, that is not zero; nil where the product has
    /// nothing to do with it. From some lines, as the path is chosen by it, unless the recorder counts all elements.
    package let inputDensity, gradientDensity: Double?
    /// Which of the two operands was walked along, for the gradient by the weights alone.
    package let goesByOutput: Bool?

    /// The density of the operand whose zeros can be skipped.
    package var density: Double {
      (goesByOutput ?? (stage == .inputGradient) ? gradientDensity : inputDensity) ?? 1
    }

    /// Whether the zeros were skipped.
    package let usesLists: Bool

    /// Whether units that many rows drop together were left out of it.
    package let isThinned: Bool
  }

  private struct State {
    var layers: [UInt64: Int] = [:]
    var products: [Product] = []
  }

  private let state = Mutex(State())
  fileprivate let countsAll: Bool

  @TaskLocal fileprivate static var current: StageRecorder?

  /// Makes a recorder that has heard nothing.
  ///
  /// - Parameter countsAll: Whether densities are of all elements, which are looked at when the clock has stopped. What a
  ///   product does stays the same.
  package init(countsAll: Bool = false) { self.countsAll = countsAll }

  /// Runs `body` and listens to the products of this task.
  package func recording<R>(_ body: () throws -> R) rethrows -> R {
    try Self.$current.withValue(self, operation: body)
  }

  /// What was recorded since the last call, in order.
  package func take() -> [Product] {
    state.withLock { state in
      defer { state.products.removeAll(keepingCapacity: true) }
      return state.products
    }
  }

  fileprivate func add(
    _ timer: StageTimer, _ duration: Duration, input: Double?, gradient: Double?, byOutput: Bool?,
    usesLists: Bool, isThinned: Bool
  ) {
    state.withLock { state in
      let layer = state.layers[timer.layer] ?? state.layers.count
      state.layers[timer.layer] = layer
      state.products.append(
        Product(
          layer: layer, stage: timer.stage, duration: duration, inputDensity: input, gradientDensity: gradient,
          goesByOutput: byOutput, usesLists: usesLists, isThinned: isThinned))
    }
  }
}

/// A product that is being timed.
struct StageTimer {
  fileprivate let stage: StageRecorder.Stage
  fileprivate let layer: UInt64
  private let recorder: StageRecorder
  private let start = ContinuousClock.now

  /// Starts the clock for a product of a layer, which goes by the number of its weights' node; nil when nobody listens.
  init?(_ stage: StageRecorder.Stage, layer: UInt64) {
    guard let recorder = StageRecorder.current else { return nil }
    self.stage = stage
    self.layer = layer
    self.recorder = recorder
  }

  /// The density to tell of `x: [N, units]`, for which `sampled` was found before: to be asked within ``stop``.
  func density(of x: Tensor, sampled: Double) -> Double {
    recorder.countsAll ? x.density(countingAll: true) : sampled
  }

  /// Stops the clock; the densities are asked for afterwards.
  func stop(
    inputDensity: @autoclosure () -> Double? = nil, gradientDensity: @autoclosure () -> Double? = nil,
    goesByOutput: Bool? = nil, usesLists: Bool, isThinned: Bool
  ) {
    let duration = ContinuousClock.now - start
    recorder.add(
      self, duration, input: inputDensity(), gradient: gradientDensity(), byOutput: goesByOutput,
      usesLists: usesLists, isThinned: isThinned)
  }
}
