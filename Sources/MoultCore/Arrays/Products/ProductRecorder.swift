import Synchronization

/// Records the products of linear layers: their durations and what they skipped.
///
///     let recorder = ProductRecorder()
///     recorder.recording { step() }
///     for product in recorder.take() { ... }
///
/// Work outside `recording` pays one look at a task-local variable for each product.
package final class ProductRecorder: Sendable {
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
    /// Its duration, with the compression of its operand.
    package let duration: Duration
    /// The fraction of the layer's input, and of the gradient of its output, that is not zero; nil where the product
    /// does not read it. From some lines, as the path is chosen by it, unless the recorder counts all elements.
    package let inputDensity, gradientDensity: Double?
    /// Which of the two operands was walked along, for the gradient by the weights alone.
    package let skipsGradientZeros: Bool?

    /// The density of the operand whose zeros can be skipped.
    package var density: Double {
      (skipsGradientZeros ?? (stage == .inputGradient) ? gradientDensity : inputDensity) ?? 1
    }

    /// Whether the zeros were skipped.
    package let usesSparseRows: Bool

    /// Whether columns that many rows drop together were left out.
    package let isCompacted: Bool
  }

  private struct State {
    var layers: [UInt64: Int] = [:]
    var products: [Product] = []
  }

  private let state = Mutex(State())
  fileprivate let countsAll: Bool

  @TaskLocal fileprivate static var current: ProductRecorder?

  /// Makes an empty recorder.
  ///
  /// - Parameter countsAll: Whether densities are of all elements, which are looked at when the clock has stopped. What
  ///   a product does stays the same.
  package init(countsAll: Bool = false) { self.countsAll = countsAll }

  /// Runs `body` and records the products of this task.
  package func recording<R>(_ body: () throws -> R) rethrows -> R {
    try Self.$current.withValue(self, operation: body)
  }

  /// The products since the last call, in order.
  package func take() -> [Product] {
    state.withLock { state in
      defer { state.products.removeAll(keepingCapacity: true) }
      return state.products
    }
  }

  fileprivate func add(
    _ timer: ProductTimer, _ duration: Duration, input: Double?, gradient: Double?, byOutput: Bool?,
    usesSparseRows: Bool, isCompacted: Bool
  ) {
    state.withLock { state in
      let layer = state.layers[timer.layer] ?? state.layers.count
      state.layers[timer.layer] = layer
      state.products.append(
        Product(
          layer: layer, stage: timer.stage, duration: duration, inputDensity: input, gradientDensity: gradient,
          skipsGradientZeros: byOutput, usesSparseRows: usesSparseRows, isCompacted: isCompacted))
    }
  }
}

/// A product that is being timed.
struct ProductTimer {
  fileprivate let stage: ProductRecorder.Stage
  fileprivate let layer: UInt64
  private let recorder: ProductRecorder
  private let start = ContinuousClock.now

  /// Starts the clock for a product of a layer, which is known by the number of its weights' node; nil when no recorder
  /// is active.
  init?(_ stage: ProductRecorder.Stage, layer: UInt64) {
    guard let recorder = ProductRecorder.current else { return nil }
    self.stage = stage
    self.layer = layer
    self.recorder = recorder
  }

  /// The density to record for `x: [N, units]`, whose sampled density is `sampled`; called within ``stop``.
  func density(of x: NDArray, sampled: Double) -> Double {
    recorder.countsAll ? x.density(countingAll: true) : sampled
  }

  /// Stops the clock; the densities are asked for afterwards.
  func stop(
    inputDensity: @autoclosure () -> Double? = nil, gradientDensity: @autoclosure () -> Double? = nil,
    skipsGradientZeros: Bool? = nil, usesSparseRows: Bool, isCompacted: Bool
  ) {
    let duration = ContinuousClock.now - start
    recorder.add(
      self, duration, input: inputDensity(), gradient: gradientDensity(), byOutput: skipsGradientZeros,
      usesSparseRows: usesSparseRows, isCompacted: isCompacted)
  }
}
