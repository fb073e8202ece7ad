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
/// A model with several inputs gets the others as `extras`, by name:
///
/// ```swift
/// let data = TensorDataset(inputs: x, labels: labels, extras: ["mask": Tensor.zeros([x.shape[0], 8])])
/// let mask = data.batch(at: [0, 1])["mask"]    // [2, 8]
/// ```
///
/// - Shapes: `inputs: [N, ...]`, `labels: [N, ...]`, `weights: [N]`, `extras: [N, ...]`.
public struct TensorDataset: Dataset {
  /// The maximum number of classes. Data with more distinct labels is refused, since its labels are usually something
  /// else, such as years or identifiers.
  package static let greatestClassCount = 1_000

  /// The inputs as they are stored: `uint8` inputs are not converted.
  package let storedInputs: Tensor
  /// The labels: `int32` class numbers of shape `[N]`, or target values.
  public let labels: Tensor
  /// The weights of the samples in losses and metrics, `[N]`; nil if all are 1.
  public let weights: Tensor?
  /// More tensors of the samples by name, `[N, ...]` each, such as other inputs of the model.
  public let extras: [String: Tensor]

  /// Makes a data set.
  ///
  /// - Parameters:
  ///   - inputs: `[N, ...]`; `uint8` inputs are converted to `float32` in 0…1 when they are read.
  ///   - labels: `[N, ...]`, with the same N as the inputs.
  ///   - weights: The weights of the samples, `[N]`, finite floating-point numbers of at least 0; nil if all are 1. A
  ///     trainer needs a `weightedLoss` or an `objective` for them.
  ///   - extras: More tensors by name, `[N, ...]` each. They are not converted.
  public init(inputs: Tensor, labels: Tensor, weights: Tensor? = nil, extras: [String: Tensor] = [:]) {
    require(
      inputs.rank >= 1 && labels.rank >= 1 && inputs.shape[0] == labels.shape[0],
      "TensorDataset: expected inputs [N, ...] and labels [N, ...] of one N, got \(inputs.shape) and \(labels.shape)")
    // Batches copy whole rows of bytes, so a view is made contiguous once here, not for every batch.
    storedInputs = inputs.detached().contiguous()
    self.labels = labels.detached().contiguous()
    if let weights {
      require(
        weights.shape == [inputs.shape[0]] && weights.dtype.isFloatingPoint,
        "TensorDataset: expected weights: [\(inputs.shape[0])] of a floating-point type, got \(weights.shape) of "
          + "\(weights.dtype)")
      let wrong = weights.scalars(as: Double.self).first { !($0 >= 0 && $0 < .infinity) }
      require(wrong == nil, "TensorDataset: expected weights from 0 on, got \(wrong ?? 0)")
    }
    for (name, extra) in extras {
      require(
        extra.rank >= 1 && extra.shape[0] == inputs.shape[0],
        "TensorDataset: expected extras of \(inputs.shape[0]) samples, got \(name): \(extra.shape)")
    }
    self.weights = weights?.detached().contiguous()
    self.extras = extras.mapValues { $0.detached().contiguous() }
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
    return Batch(
      inputs: inputs, labels: copiedRows(labels, at: indices), indices: indices,
      weights: weights.map { copiedRows($0, at: indices) }, extras: extras.mapValues { copiedRows($0, at: indices) })
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
    return TensorDataset(
      inputs: copiedRows(storedInputs, at: indices), labels: copiedRows(labels, at: indices),
      weights: weights.map { copiedRows($0, at: indices) }, extras: extras.mapValues { copiedRows($0, at: indices) })
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
  /// The weights of the samples, `[B]`, at least 0; nil if all are 1.
  public let weights: Tensor?
  /// More tensors of the samples by name, `[B, ...]` each.
  public let extras: [String: Tensor]

  /// Makes a batch.
  ///
  /// - Parameters:
  ///   - inputs: The inputs, `[B, ...]`.
  ///   - labels: The labels, `[B, ...]`.
  ///   - indices: The indices of the B samples in the data set.
  ///   - weights: The weights of the samples, `[B]`, at least 0; nil if all are 1.
  ///   - extras: More tensors of the samples by name, `[B, ...]` each.
  public init(
    inputs: Tensor, labels: Tensor, indices: [Int], weights: Tensor? = nil, extras: [String: Tensor] = [:]
  ) {
    (self.inputs, self.labels, self.indices) = (inputs, labels, indices)
    (self.weights, self.extras) = (weights, extras)
  }

  /// The number of samples.
  public var count: Int { indices.count }

  /// The weights of the samples, `[B]`; ones if all weights are 1.
  public var weightsOrOnes: Tensor { weights ?? .full([inputs.shape[0]], 1, dtype: .float32) }

  /// Returns the tensor in ``extras`` of this name. A name that is not there stops the program.
  public subscript(name: String) -> Tensor {
    guard let tensor = extras[name] else {
      fatalError("Batch: expected one of the extras \(extras.keys.sorted()), got \"\(name)\"")
    }
    return tensor
  }

  /// Returns this batch with other inputs or labels; indices, weights and extras stay.
  ///
  /// - Parameters:
  ///   - inputs: The inputs of the same samples, `[B, ...]`; nil to keep them.
  ///   - labels: The labels of the same samples, `[B, ...]`; nil to keep them.
  public func replacing(inputs: Tensor? = nil, labels: Tensor? = nil) -> Batch {
    Batch(
      inputs: inputs ?? self.inputs, labels: labels ?? self.labels, indices: indices, weights: weights, extras: extras)
  }

  /// The sum of the weights; the number of samples if all weights are 1.
  var totalWeight: Double {
    weights.map { $0.scalars(as: Double.self).reduce(0, +) } ?? Double(inputs.shape[0])
  }

  /// Returns the samples at the positions `range` of the batch.
  subscript(range: Range<Int>) -> Batch {
    Batch(
      inputs: inputs[range], labels: labels[range], indices: Array(indices[range]), weights: weights?[range],
      extras: extras.mapValues { $0[range] })
  }
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
