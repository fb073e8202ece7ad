import MoultCore
import MoultFormats

/// Samples with their labels, in memory.
///
///     let data = TensorDataset(inputs: x, labels: y)
///     for batches in data.epochs(20, of: 100, shuffledBy: seed) {
///       for batch in batches { ... }
///     }
///
/// Inputs of type `uint8` (images) are stored as bytes and converted to `float32` in 0…1 when they are read, as
/// `Float(byte) / 255`. This takes a quarter of the memory. Other inputs are not converted.
///
/// - Shapes: `inputs: [N, ...]`, `labels: [N, ...]`.
public struct TensorDataset: Dataset {
  /// The maximum number of classes. Data with more distinct labels is refused, since its labels are usually something
  /// else, such as years or identifiers.
  package static let greatestClassCount = 1_000

  /// The inputs as they are stored: `uint8` inputs are not converted.
  package let storedInputs: Tensor
  /// The labels: `int32` class numbers of shape `[N]`, or target values.
  public let labels: Tensor

  /// Makes a data set.
  ///
  /// - Parameters:
  ///   - inputs: `[N, ...]`; `uint8` inputs are converted to `float32` in 0…1 when they are read.
  ///   - labels: `[N, ...]`, with the same N as the inputs.
  public init(inputs: Tensor, labels: Tensor) {
    require(
      inputs.rank >= 1 && labels.rank >= 1 && inputs.shape[0] == labels.shape[0],
      "TensorDataset: expected inputs [N, ...] and labels [N, ...] of one N, got \(inputs.shape) and \(labels.shape)")
    // Batches copy whole rows of bytes, so a view is made contiguous once here, not for every batch.
    storedInputs = inputs.detached().contiguous()
    self.labels = labels.detached().contiguous()
  }

  /// The number of samples.
  public var count: Int { storedInputs.shape[0] }

  /// All inputs, `[N, ...]`. `uint8` inputs are converted at every access, so keep the result or read batches.
  ///
  /// - Complexity: O(*n*) for `uint8` inputs, else O(1).
  public var inputs: Tensor { storedInputs.dtype == .uint8 ? scaledRows(storedInputs, at: nil) : storedInputs }

  /// Returns the samples at `indices`, in this order. An index outside `0..<count` stops the program.
  public func batch(at indices: [Int]) -> Batch {
    requireIndices(indices, of: count, "TensorDataset")
    let inputs =
      storedInputs.dtype == .uint8 ? scaledRows(storedInputs, at: indices) : copiedRows(storedInputs, at: indices)
    return Batch(inputs: inputs, labels: copiedRows(labels, at: indices), indices: indices)
  }

  /// Returns a data set of the first `count` samples, or of all if there are fewer.
  public func prefix(_ count: Int) -> TensorDataset {
    require(count >= 0, "TensorDataset.prefix: expected a count from 0 on, got \(count)")
    return subset(at: Array(0..<min(count, self.count)))
  }

  /// Returns a data set of the samples at `indices`, in this order. An index outside `0..<count` stops the program.
  public func subset(at indices: [Int]) -> TensorDataset {
    require(
      indices.allSatisfy { (0..<count).contains($0) },
      "TensorDataset.subset(at:): expected indices in 0..<\(count), got \(indices.filter { !(0..<count).contains($0) })"
    )
    return TensorDataset(inputs: copiedRows(storedInputs, at: indices), labels: copiedRows(labels, at: indices))
  }

  /// Splits the data set randomly into two parts. Equal seeds give the same parts.
  ///
  /// - Parameters:
  ///   - fraction: The fraction of the samples in the second part, 0…1; the number of samples is rounded.
  ///   - seed: The seed of the random choice.
  /// - Returns: The first and the second part, each in the order of this data set.
  public func split(_ fraction: Double, seed: UInt64) -> (TensorDataset, TensorDataset) {
    require((0...1).contains(fraction), "TensorDataset.split: expected a fraction in 0...1, got \(fraction)")
    let heldOut = Int((Double(count) * fraction).rounded())
    let order = shuffledIndices(count: count, seed: seed, epoch: 0)
    return (subset(at: order.dropFirst(heldOut).sorted()), subset(at: order.prefix(heldOut).sorted()))
  }
}

/// A batch of samples of a data set.
public struct Batch: Sendable {
  /// The inputs, `[B, ...]`; `float32` in 0…1 if the data set stores bytes.
  public let inputs: Tensor
  /// The labels, `[B, ...]`.
  public let labels: Tensor
  /// The indices of the samples in the data set.
  public let indices: [Int]

  /// Makes a batch.
  ///
  /// - Parameters:
  ///   - inputs: `[B, ...]`.
  ///   - labels: `[B, ...]`.
  ///   - indices: The indices of the B samples in the data set.
  public init(inputs: Tensor, labels: Tensor, indices: [Int]) {
    (self.inputs, self.labels, self.indices) = (inputs, labels, indices)
  }

  /// The number of samples.
  public var count: Int { indices.count }
}

/// Returns the number of elements per sample.
func elementsPerRow(_ tensor: Tensor) -> Int { tensor.shape.dropFirst().reduce(1, *) }

/// Returns the rows at `indices` in the same element type.
private func copiedRows(_ tensor: Tensor, at indices: [Int]) -> Tensor {
  let width = elementsPerRow(tensor) * tensor.dtype.byteCount
  return tensor.withContiguousBytes { source in
    Tensor(dtype: tensor.dtype, shape: [indices.count] + tensor.shape.dropFirst()) { target in
      guard width > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
      for (row, index) in indices.enumerated() {
        (to + row * width).copyMemory(from: from + index * width, byteCount: width)
      }
    }
  }
}

/// Returns the rows of bytes at `indices`, or all rows if nil, as `Float(byte) / 255`.
private func scaledRows(_ tensor: Tensor, at indices: [Int]?) -> Tensor {
  let width = elementsPerRow(tensor)
  let rowCount = indices?.count ?? tensor.shape[0]
  return tensor.withContiguousBytes { source in
    Tensor(dtype: .float32, shape: [rowCount] + tensor.shape.dropFirst()) { target in
      guard width > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
      for row in 0..<rowCount {
        let bytes = from + (indices?[row] ?? row) * width
        let values = to + row * width * MemoryLayout<Float>.stride
        scaleBytes(bytes, to: values, count: width)
      }
    }
  }
}

/// Writes `Float(byte) / 255` for `count` bytes.
func scaleBytes(_ bytes: UnsafeRawPointer, to values: UnsafeMutableRawPointer, count: Int) {
  for column in 0..<count {
    let value = Float(bytes.load(fromByteOffset: column, as: UInt8.self)) / 255
    values.storeBytes(of: value, toByteOffset: column * MemoryLayout<Float>.stride, as: Float.self)
  }
}
