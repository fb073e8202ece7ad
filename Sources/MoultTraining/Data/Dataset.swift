import MoultCore
import MoultFormats

/// Samples and their labels.
///
///     let data = Dataset(inputs: x, labels: y)
///     for batch in data.batches(of: 100, shuffledBy: seed) { ... }
///
/// Inputs of bytes (images) are kept as bytes and read as `float32` in 0…1, `Float(byte) / 255`: a quarter of the
/// memory, and zeros stay zeros. Other inputs are kept and read as they are.
///
/// - Shapes: `inputs: [N, ...]`, `labels: [N, ...]`.
public struct Dataset: Sendable {
  /// The most classes: more of them are numbers that mean something else, such as years or identifiers.
  package static let greatestClassCount = 1_000

  /// The inputs as they are kept.
  package let storedInputs: Tensor
  /// The labels: `int32` class numbers of shape `[N]`, or values to predict.
  public let labels: Tensor

  /// - Parameters:
  ///   - inputs: `[N, ...]`; bytes are scaled to 0…1 where they are read.
  ///   - labels: `[N, ...]`, as many as there are inputs.
  public init(inputs: Tensor, labels: Tensor) {
    require(
      inputs.rank >= 1 && labels.rank >= 1 && inputs.shape[0] == labels.shape[0],
      "Dataset: expected inputs [N, ...] and labels [N, ...] of one N, got \(inputs.shape) and \(labels.shape)")
    // Rows are gathered by their bytes, so that a view is laid out once here, not at every batch.
    storedInputs = inputs.detached().contiguous()
    self.labels = labels.detached().contiguous()
  }

  /// The number of samples.
  public var count: Int { storedInputs.shape[0] }

  /// All inputs. Bytes are converted at every read: keep the result, or read batches.
  public var inputs: Tensor { storedInputs.dtype == .uint8 ? scaledRows(storedInputs, at: nil) : storedInputs }

  /// The samples at `indices`, in that order.
  public func batch(at indices: [Int]) -> Batch {
    require(
      indices.allSatisfy { (0..<count).contains($0) },
      "Dataset.batch(at:): expected indices in 0..<\(count), got \(indices.filter { !(0..<count).contains($0) })")
    let inputs =
      storedInputs.dtype == .uint8 ? scaledRows(storedInputs, at: indices) : copiedRows(storedInputs, at: indices)
    return Batch(inputs: inputs, labels: copiedRows(labels, at: indices), indices: indices)
  }

  /// The first samples, `count` of them or all.
  public func prefix(_ count: Int) -> Dataset {
    require(count >= 0, "Dataset.prefix: expected a count from 0 on, got \(count)")
    return subset(at: Array(0..<min(count, self.count)))
  }

  /// The samples at `indices` as a data set of its own.
  public func subset(at indices: [Int]) -> Dataset {
    require(
      indices.allSatisfy { (0..<count).contains($0) },
      "Dataset.subset(at:): expected indices in 0..<\(count), got \(indices.filter { !(0..<count).contains($0) })")
    return Dataset(inputs: copiedRows(storedInputs, at: indices), labels: copiedRows(labels, at: indices))
  }

  /// Splits off a random part, the same one for the same seed.
  ///
  /// - Parameters:
  ///   - fraction: the share of samples in the second part, 0…1, rounded to whole samples.
  ///   - seed: decides which samples these are.
  /// - Returns: both parts, each in the order of this data set.
  public func split(_ fraction: Double, seed: UInt64) -> (Dataset, Dataset) {
    require((0...1).contains(fraction), "Dataset.split: expected a fraction in 0...1, got \(fraction)")
    let heldOut = Int((Double(count) * fraction).rounded())
    let order = shuffledIndices(count: count, seed: seed, epoch: 0)
    return (subset(at: order.dropFirst(heldOut).sorted()), subset(at: order.prefix(heldOut).sorted()))
  }
}

/// Some samples of a data set.
public struct Batch: Sendable {
  /// `[B, ...]`, `float32` where the data set holds bytes.
  public let inputs: Tensor
  /// `[B, ...]`.
  public let labels: Tensor
  /// The index of each sample in the data set.
  public let indices: [Int]

  /// The number of samples.
  public var count: Int { indices.count }
}

/// The number of elements of one sample.
private func elementsPerRow(_ tensor: Tensor) -> Int { tensor.shape.dropFirst().reduce(1, *) }

/// The rows at `indices`, type unchanged.
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

/// The rows of bytes at `indices`, or all of them, as `Float(byte) / 255`.
private func scaledRows(_ tensor: Tensor, at indices: [Int]?) -> Tensor {
  let width = elementsPerRow(tensor)
  let rowCount = indices?.count ?? tensor.shape[0]
  return tensor.withContiguousBytes { source in
    Tensor(dtype: .float32, shape: [rowCount] + tensor.shape.dropFirst()) { target in
      guard width > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
      for row in 0..<rowCount {
        let bytes = from + (indices?[row] ?? row) * width
        let values = to + row * width * MemoryLayout<Float>.stride
        for column in 0..<width {
          let value = Float(bytes.load(fromByteOffset: column, as: UInt8.self)) / 255
          values.storeBytes(of: value, toByteOffset: column * MemoryLayout<Float>.stride, as: Float.self)
        }
      }
    }
  }
}
