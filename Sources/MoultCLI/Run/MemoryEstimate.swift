import Moult
import MoultPlatform

/// A lower bound of the memory for training a network, estimated before anything is allocated.
struct MemoryEstimate {
  /// The size of weights, gradients and optimizer state, in bytes.
  let parameterBytes: Int
  /// The size of the inputs, activations and their gradients of one batch, in bytes.
  let batchBytes: Int

  /// Estimates the memory.
  ///
  /// - Parameters:
  ///   - layers: The layer sizes of the network.
  ///   - embeddings: The sizes of the embeddings; nil for none.
  ///   - buffersPerParameter: The number of values that the optimizer stores for each weight.
  ///   - batchSize: The number of samples in a batch.
  init(_ layers: LayerSizes, embeddings: EmbeddingSizes? = nil, buffersPerParameter: Int, batchSize: Int) {
    // The sizes and the number of layers are limited by LayerSizes, and the values of a table's columns by its
    // encoding, so the products do not overflow.
    let scalar = MemoryLayout<Float>.size
    parameterBytes = (layers.parameterCount + (embeddings?.parameterCount ?? 0)) * scalar * (2 + buffersPerParameter)
    batchBytes = batchSize * (layers.inputSize + 2 * layers.sizes.dropFirst().reduce(0, +)) * scalar
  }

  /// Throws `.usage` unless the memory of the machine is large enough.
  ///
  /// - Parameters:
  ///   - option: The beginning of the message: the option that is too large.
  ///   - hint: The end of the message: what to do.
  func check(_ option: String, hint: String) throws(MoultError) {
    let memory = Self.physicalMemory
    guard parameterBytes + batchBytes > memory else { return }
    func text(_ bytes: Int) -> String { NumberFormat.fixed(Double(bytes) / Double(1 << 30), 1) + " GiB" }
    throw MoultError(
      .usage,
      "\(option): expected at most \(text(memory)), the memory of this machine, got \(text(parameterBytes)) for "
        + "weights, gradients and the optimizer and \(text(batchBytes)) for a batch; \(hint)")
  }

  /// The physical memory of the machine in bytes; `Int.max` if it is unknown.
  private static var physicalMemory: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : .max
  }
}
