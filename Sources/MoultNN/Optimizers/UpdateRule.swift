import MoultCore

/// The arithmetic of one optimizer on plain memory, for one parameter: the place for a faster kernel.
protocol UpdateRule: Sendable {
  /// Changes the weights in `range`, and the buffers with them.
  func update<Scalar: BinaryFloatingPoint>(
    _ range: Range<Int>, weights: UnsafeMutablePointer<Scalar>, gradient: UnsafePointer<Scalar>,
    buffers: [UnsafeMutablePointer<Scalar>])
}

extension UpdateRule {
  /// Changes a parameter and its buffers in place, in one pass over memory.
  func apply(to parameter: Parameter, gradient: Tensor, buffers: [Parameter]) {
    require(
      gradient.shape == parameter.shape && gradient.dtype == parameter.dtype,
      "\(Self.self): expected a gradient \(parameter.dtype) \(parameter.shape), got \(gradient.dtype) \(gradient.shape)"
    )
    parameter.update { weights, count in
      gradient.withContiguousBytes { gradient in
        guard let gradient = gradient.baseAddress else { return }
        withMemory(of: buffers[...], []) { buffers in
          if parameter.dtype == .float64 {
            run(Double.self, count, weights, gradient, buffers)
          } else {
            run(Float.self, count, weights, gradient, buffers)
          }
        }
      }
    }
  }

  private func run<Scalar: BinaryFloatingPoint>(
    _: Scalar.Type, _ count: Int, _ weights: UnsafeMutableRawPointer, _ gradient: UnsafeRawPointer,
    _ buffers: [UnsafeMutableRawPointer]
  ) {
    let weights = weights.assumingMemoryBound(to: Scalar.self)
    let gradient = gradient.assumingMemoryBound(to: Scalar.self)
    let buffers = buffers.map { $0.assumingMemoryBound(to: Scalar.self) }
    parallelFor(count, grain: elementsPerSlice) { range in
      update(range, weights: weights, gradient: gradient, buffers: buffers)
    }
  }

  /// Opens the buffers one inside the other and gives their addresses to `body`.
  private func withMemory(
    of buffers: ArraySlice<Parameter>, _ opened: [UnsafeMutableRawPointer], _ body: ([UnsafeMutableRawPointer]) -> Void
  ) {
    guard let first = buffers.first else { return body(opened) }
    first.update { memory, _ in withMemory(of: buffers.dropFirst(), opened + [memory], body) }
  }
}

/// The fewest elements worth a thread of their own: some microseconds of work.
private let elementsPerSlice = 1 << 14
