import MoultCore
import Synchronization

/// The samples of a file in blocks of neighboring samples, of which the ones read last are in memory.
final class BlockCache: Sendable {
  /// The size of a block in memory that is aimed at, in bytes: a read of this length takes a disk much longer than the
  /// way to its beginning.
  private static let blockByteCount = 256 << 10

  /// The number of samples of a block; the last one may have fewer.
  let blockSize: Int
  /// The number of samples.
  private let count: Int
  private let capacity: Int
  /// The blocks with their numbers, the one used last at the end.
  private let recent = Mutex<[(number: Int, samples: TensorDataset)]>([])

  /// Makes an empty cache for `count` samples, of which at most `capacity` blocks stay in memory.
  init(count: Int, blockSize: Int, capacity: Int) {
    (self.count, self.blockSize, self.capacity) = (count, blockSize, capacity)
  }

  /// Returns the usual number of samples of a block, for the number of bytes of a sample.
  static func blockSize(sampleByteCount: Int) -> Int { max(blockByteCount / max(sampleByteCount, 1), 1) }

  /// Returns the samples at `indices`, in this order.
  ///
  /// - Parameters:
  ///   - indices: Numbers in `0..<count`; any other number stops the program.
  ///   - willLoad: Tells the system that a block will be read soon.
  ///   - load: Reads the samples of a range, which is a block.
  /// - Complexity: Reads the blocks of `indices` that are not in memory, each once.
  func batch(
    at indices: [Int], willLoad: (Range<Int>) -> Void, load: (Range<Int>) throws(MoultError) -> TensorDataset
  ) throws(MoultError) -> Batch {
    requireIndices(indices, of: count, "Dataset")
    var numbers: [Int] = [], placeOfNumber: [Int: Int] = [:]
    let places = indices.map { index in
      let number = index / blockSize
      if let place = placeOfNumber[number] { return place }
      placeOfNumber[number] = numbers.count
      numbers.append(number)
      return numbers.count - 1
    }
    // A batch without samples has the shapes of others.
    guard !numbers.isEmpty else { return try load(range(of: 0)).batch(at: []) }
    // A disk reads several blocks at once in much less time than one after the other.
    let present = recent.withLock { Set($0.map(\.number)) }
    for number in numbers where !present.contains(number) { willLoad(range(of: number)) }
    var blocks: [TensorDataset] = []
    for number in numbers { blocks.append(try block(number, load)) }
    func rows(_ part: (TensorDataset) -> Tensor) -> Tensor {
      let tensors = blocks.map(part)
      return gatheredRows(indices.count, like: tensors[0]) { (tensors[places[$0]], indices[$0] % blockSize) }
    }
    return Batch(inputs: rows(\.storedInputs), labels: rows(\.labels), indices: indices)
  }

  private func range(of block: Int) -> Range<Int> { (block * blockSize)..<min((block + 1) * blockSize, count) }

  private func block(
    _ number: Int, _ load: (Range<Int>) throws(MoultError) -> TensorDataset
  ) throws(MoultError) -> TensorDataset {
    try recent.withLock { blocks throws(MoultError) in
      if let place = blocks.lastIndex(where: { $0.number == number }) {
        let found = blocks.remove(at: place)
        blocks.append(found)
        return found.samples
      }
      let samples = try load(range(of: number))
      if blocks.count == capacity { blocks.removeFirst() }
      blocks.append((number, samples))
      return samples
    }
  }
}

/// Stops the program unless all `indices` are in `0..<count`.
func requireIndices(_ indices: [Int], of count: Int, _ type: String) {
  require(
    indices.allSatisfy { (0..<count).contains($0) },
    "\(type).batch(at:): expected indices in 0..<\(count), got \(indices.filter { !(0..<count).contains($0) })")
}

/// Returns `count` rows of tensors that are like `tensor` but for the number of rows. Bytes become `float32` in 0…1.
///
/// - Parameter place: Returns the tensor that has the row at a position, and the number of the row in it.
private func gatheredRows(_ count: Int, like tensor: Tensor, _ place: (Int) -> (Tensor, Int)) -> Tensor {
  let width = elementsPerRow(tensor), isScaled = tensor.dtype == .uint8
  let dtype = isScaled ? DType.float32 : tensor.dtype, byteCount = width * dtype.byteCount
  return Tensor(dtype: dtype, shape: [count] + tensor.shape.dropFirst()) { target in
    for position in 0..<count {
      let (rows, row) = place(position)
      rows.withContiguousBytes { source in
        guard width > 0, let from = source.baseAddress, let start = target.baseAddress else { return }
        let to = start + position * byteCount
        if isScaled {
          scaleBytes(from + row * width, to: to, count: width)
        } else {
          to.copyMemory(from: from + row * byteCount, byteCount: byteCount)
        }
      }
    }
  }
}
