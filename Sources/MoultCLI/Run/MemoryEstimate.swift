import Moult
import MoultPlatform

/// The least memory that training a network takes, estimated before anything is allocated.
struct MemoryEstimate {
  /// Weights, gradients and the optimizer's state.
  let parameterBytes: Int
  /// Inputs, activations and their gradients for one batch.
  let batchBytes: Int

  /// - Parameter buffersPerParameter: numbers that the optimizer keeps for each weight.
  init(_ layers: LayerSizes, embeddings: EmbeddingSizes? = nil, buffersPerParameter: Int, batchSize: Int) {
    // Sizes and layers are limited by LayerSizes, and the values of a table's columns by its encoding, so that no
    // product comes near 2^63.
    let scalar = MemoryLayout<Float>.size
    parameterBytes = (layers.parameterCount + (embeddings?.parameterCount ?? 0)) * scalar * (2 + buffersPerParameter)
    batchBytes = batchSize * (layers.inputSize + 2 * layers.sizes.dropFirst().reduce(0, +)) * scalar
  }

  /// Throws unless the machine's memory holds it; `option` is what the message begins with.
  func check(_ option: String, hint: String) throws(MoultError) {
    let memory = Self.physicalMemory
    guard parameterBytes + batchBytes > memory else { return }
    func text(_ bytes: Int) -> String { NumberFormat.fixed(Double(bytes) / Double(1 << 30), 1) + " GiB" }
    throw MoultError(
      .usage,
      "\(option): expected at most \(text(memory)), the memory of this machine, got \(text(parameterBytes)) for "
        + "weights, gradients and the optimizer and \(text(batchBytes)) for a batch; \(hint)")
  }

  /// The machine's memory in bytes; no limit where the system does not say.
  private static var physicalMemory: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : .max
  }
}
