import Moult

/// The least time that the matrix products of a training step could take: the number of its multiply-adds, without
/// those with a zero, divided by the processor's peak rate.
struct StepFloor {
  /// Multiply-adds of the products of one step whose skippable operand is not zero.
  let multiplyAdds: Double
  /// Multiply-adds a second of all threads together.
  let peak: Double

  /// Runs `step` for each batch once more and counts; nil where the products are not those of `spec`'s layers alone, as
  /// with variants that have more of them.
  init?(_ spec: LayerSizes, _ batches: BenchBatches, _ step: (Int) -> Void) {
    let recorder = ProductRecorder(countsAll: true)
    recorder.recording { for number in 0..<batches.count { step(number) } }
    let products = recorder.take(), layers = spec.sizes.count - 1
    // Three products a layer, but for the gradient of the inputs of the first.
    guard products.count == batches.count * (3 * layers - 1), products.allSatisfy({ $0.layer < layers }) else {
      return nil
    }
    let all = products.reduce(0) { sum, product in
      sum + Double(batches.batchSize * spec.sizes[product.layer] * spec.sizes[product.layer + 1]) * product.density
    }
    multiplyAdds = all / Double(batches.count)
    peak = Kernels.measuredMultiplyAddsPerSecond()
  }

  /// The floor in microseconds.
  var microseconds: Double { multiplyAdds / peak * 1e6 }

  /// The floor as members of JSON, beside a step of `step` microseconds.
  func members(step: Double) -> [JSONOutput.Member] {
    [
      .init(key: "nonzero_multiply_adds", value: .integer(Int(multiplyAdds))),
      .init(key: "peak_gflops", value: .rounded(2e-9 * peak)),
      .init(key: "floor_microseconds", value: .rounded(microseconds)),
      .init(key: "step_over_floor", value: .rounded(step / microseconds)),
    ]
  }

  /// The same for people.
  func text(step: Double) -> String {
    "floor \(NumberFormat.fixed(microseconds, 1)) µs: \(NumberFormat.grouped(Int(multiplyAdds))) multiply-adds without "
      + "zeros at the measured peak of \(NumberFormat.fixed(2e-9 * peak, 0)) GFLOP/s; "
      + "the step takes \(NumberFormat.fixed(step / microseconds, 2)) times as long"
  }
}
