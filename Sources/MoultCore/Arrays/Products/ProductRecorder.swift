import Synchronization

/// Records the matrix products of linear layers: their durations, and whether they skipped zeros or dropped columns.
///
///     let recorder = ProductRecorder()
///     recorder.recording { step() }
///     for product in recorder.take() { ... }
///
/// Outside `recording` each product costs one read of a task-local value.
package final class ProductRecorder: Sendable {
  /// The three products of a linear layer in training.
  package enum Stage: Sendable, CaseIterable {
    case forward, inputGradient
    /// The gradient of the weights, including the optimizer's update of each tile.
    case weightGradient
  }

  /// The record of one product of one layer.
  package struct Product: Sendable {
    /// The number of the layer, from 0, in the order of first use.
    package let layer: Int
    /// The kind of product.
    package let stage: Stage
    /// The duration of the product, including the compression of its operand to sparse rows.
    package let duration: Duration
    /// The fractions of non-zero elements in the layer's input and in the gradient of its output, in 0...1; nil if the
    /// product does not read that operand. They are estimated from some rows unless the recorder counts all elements.
    package let inputDensity, gradientDensity: Double?
    /// For the gradient of the weights, whether the zeros of the output's gradient can be skipped, rather than those of
    /// the layer's input; nil for the other products.
    package let skipsGradientZeros: Bool?

    /// The fraction of non-zero elements in the operand whose zeros can be skipped, in 0...1; 1 if it is not known.
    package var density: Double {
      (skipsGradientZeros ?? (stage == .inputGradient) ? gradientDensity : inputDensity) ?? 1
    }

    /// Whether the zeros of that operand were skipped.
    package let usesSparseRows: Bool

    /// Whether dropped columns, which many rows have in common, were left out of the product.
    package let isCompacted: Bool
  }

  private struct State {
    var layers: [UInt64: Int] = [:]
    var products: [Product] = []
  }

  private let state = Mutex(State())
  fileprivate let countsAll: Bool

  /// Makes an empty recorder.
  ///
  /// - Parameter countsAll: Whether densities are counted over all elements, after the duration is measured, instead of
  ///   estimated from some rows. The products are computed in the same way.
  package init(countsAll: Bool = false) { self.countsAll = countsAll }

  /// Runs `body` and records the products that it computes in this task.
  package func recording<R>(_ body: () throws -> R) rethrows -> R {
    try ArrayContext.$current.withValue(.current(with: \.recorder, self), operation: body)
  }

  /// Returns the products recorded since the last call, in their order, and removes them from the recorder.
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

/// A running measurement of one product's duration.
struct ProductTimer {
  fileprivate let stage: ProductRecorder.Stage
  fileprivate let layer: UInt64
  private let recorder: ProductRecorder
  private let start = ContinuousClock.now

  /// Starts the measurement of a product; nil if no recorder is active.
  ///
  /// - Parameter layer: The ID of the node of the layer's weights.
  init?(_ stage: ProductRecorder.Stage, layer: UInt64) {
    guard let recorder = ArrayContext.current.recorder else { return nil }
    self.stage = stage
    self.layer = layer
    self.recorder = recorder
  }

  /// Returns the density to record for `x: [N, units]`: `sampled`, its estimate, or a count over all elements if the
  /// recorder asks for one. Call it in the arguments of `stop`, so that the count is not measured.
  func density(of x: NDArray, sampled: Double) -> Double {
    recorder.countsAll ? x.density(countingAll: true) : sampled
  }

  /// Stops the measurement and records the product. The densities are evaluated after the clock has stopped.
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
