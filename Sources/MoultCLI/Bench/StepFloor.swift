import Moult

/// A lower bound of the time of a training step: the number of multiply-adds of its matrix products, without those with
/// a zero factor, divided by the peak rate of the processor.
struct StepFloor {
  /// The number of multiply-adds in one step for which the operand whose zeros can be skipped is not zero.
  let multiplyAdds: Double
  /// The peak rate of all threads together, in multiply-adds per second.
  let peak: Double

  /// Runs `step` once more for each batch and counts. Returns nil if the products are not those of plain linear layers
  /// with the sizes of `spec`, as with variants that have additional products.
  init?(_ spec: LayerSizes, _ batches: BenchBatches, _ step: (Int) -> Void) {
    let recorder = ProductRecorder(countsAll: true)
    recorder.recording { for number in 0..<batches.count { step(number) } }
    let products = recorder.take(), layers = spec.sizes.count - 1
    // There are three products per layer, except for the input gradient of the first layer.
    guard products.count == batches.count * (3 * layers - 1), products.allSatisfy({ $0.layer < layers }) else {
      return nil
    }
    let all = products.reduce(0) { sum, product in
      sum + Double(batches.batchSize * spec.sizes[product.layer] * spec.sizes[product.layer + 1]) * product.density
    }
    multiplyAdds = all / Double(batches.count)
    peak = Kernels.measuredMultiplyAddsPerSecond()
  }

  /// The lower bound in microseconds.
  var microseconds: Double { multiplyAdds / peak * 1e6 }

  /// Returns the lower bound as members of JSON, compared with a step of `step` microseconds.
  func members(step: Double) -> [JSONOutput.Member] {
    [
      .init(key: "nonzero_multiply_adds", value: .integer(Int(multiplyAdds))),
      .init(key: "peak_gflops", value: .rounded(2e-9 * peak)),
      .init(key: "floor_microseconds", value: .rounded(microseconds)),
      .init(key: "step_over_floor", value: .rounded(step / microseconds)),
    ]
  }

  /// Returns the lower bound as a text, compared with a step of `step` microseconds.
  func text(step: Double) -> String {
    "floor \(NumberFormat.fixed(microseconds, 1)) µs: \(NumberFormat.grouped(Int(multiplyAdds))) multiply-adds without "
      + "zeros at the measured peak of \(NumberFormat.fixed(2e-9 * peak, 0)) GFLOP/s; "
      + "the step takes \(NumberFormat.fixed(step / microseconds, 2)) times as long"
  }
}
