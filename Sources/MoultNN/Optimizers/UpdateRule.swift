import MoultCore

/// The arithmetic of one optimizer on plain memory, for one parameter.
protocol UpdateRule {
  /// Changes `count` weights, and their buffers with them.
  func update(
    _ count: Int, _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ buffers: [UnsafeMutablePointer<Float>])
  /// The same in double precision.
  func update(
    _ count: Int, _ weights: UnsafeMutablePointer<Double>, _ gradient: UnsafePointer<Double>,
    _ buffers: [UnsafeMutablePointer<Double>])
}

extension UpdateRule {
  /// Changes a parameter and its buffers in place, in one pass over memory, on several threads if they are large.
  func apply(to parameter: Parameter, gradient: Tensor, buffers: [Parameter]) {
    require(
      gradient.shape == parameter.shape && gradient.dtype == parameter.dtype,
      "optimizer: expected a gradient \(parameter.dtype) \(parameter.shape), got \(gradient.dtype) \(gradient.shape)")
    withMemory(of: [parameter] + buffers) { memory in
      gradient.withContiguousBytes { gradient in
        guard let gradient = gradient.baseAddress else { return }
        parallelFor(parameter.count, grain: elementsPerSlice) { range in
          if parameter.dtype == .float64 {
            let pointers = memory.map { $0.assumingMemoryBound(to: Double.self) + range.lowerBound }
            let gradient = gradient.assumingMemoryBound(to: Double.self) + range.lowerBound
            update(range.count, pointers[0], gradient, Array(pointers.dropFirst()))
          } else {
            let pointers = memory.map { $0.assumingMemoryBound(to: Float.self) + range.lowerBound }
            let gradient = gradient.assumingMemoryBound(to: Float.self) + range.lowerBound
            update(range.count, pointers[0], gradient, Array(pointers.dropFirst()))
          }
        }
      }
    }
  }

  /// Opens parameters one inside the other and gives their addresses to `body`.
  private func withMemory(
    of parameters: [Parameter], opened: [UnsafeMutableRawPointer] = [], _ body: ([UnsafeMutableRawPointer]) -> Void
  ) {
    guard let next = parameters.first else { return body(opened) }
    next.update { memory, _ in withMemory(of: Array(parameters.dropFirst()), opened: opened + [memory], body) }
  }
}

/// The fewest elements worth a thread of their own: some microseconds of work.
private let elementsPerSlice = 1 << 14
