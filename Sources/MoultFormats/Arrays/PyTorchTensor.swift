import MoultCore

/// The numbers that one or several tensors of a PyTorch file share, as the pickle describes them.
struct PyTorchStorage: Equatable {
  /// The name of the storage. It is never used as a path.
  let key: String
  let element: PyTorchElement
  /// The number of elements.
  let count: Int

  /// The largest accepted size of a key, so that a long one that is used often costs no time.
  private static let greatestKeyByteCount = 256

  /// The number of bytes; `init` has checked that it does not overflow.
  var byteCount: Int { count * element.byteCount }

  /// Reads a persistent identifier: `("storage", class, key, device, count)`, and in the form without a zip `None`
  /// after it. The device does not matter.
  init(_ values: [PickleValue], _ failure: (String) -> MoultError) throws(MoultError) {
    if values.first?.text == "module" {
      throw failure("expected a state dictionary, got a whole module; save model.state_dict() instead")
    }
    guard (5...6).contains(values.count), values[0].text == "storage", case .global(.storage(let element)) = values[1],
      let key = values[2].text, key.utf8.count <= Self.greatestKeyByteCount, values[3].text != nil,
      let count = values[4].integer, count >= 0,
      checkedByteCount([count], bitsPerElement: 8 * element.byteCount) != nil
    else { throw failure("expected a storage with type, key, device and size, got something else") }
    if values.count == 6 {
      guard case .none = values[5] else {
        throw failure("expected a storage of its own, got a part of another one; save it with a newer PyTorch")
      }
    }
    (self.key, self.element, self.count) = (key, element, count)
  }
}

/// A tensor of a PyTorch file: a view of a storage.
struct PyTorchTensor {
  let storage: PyTorchStorage
  /// The index of the first element in the storage.
  let offset: Int
  let shape: [Int]
  /// The distance between neighbors along each axis, in elements.
  let strides: [Int]
  private static let greatestRank = 64

  /// Reads the arguments of `_rebuild_tensor_v2`: storage, offset, sizes, strides, whether it requires gradients, and
  /// hooks, which do not matter. All elements are checked to lie in the storage.
  init(_ arguments: [PickleValue], in reader: PickleReader) throws(MoultError) {
    guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
      let offset = arguments[1].integer, case .tuple(let sizes) = arguments[2], case .tuple(let steps) = arguments[3]
    else { throw reader.failure("expected a tensor of a storage with sizes and strides, got something else") }
    if arguments.count == 7 {
      guard case .none = arguments[6] else {
        throw reader.failure("expected a plain tensor, got one that is conjugated or negated; clone it before saving")
      }
    }
    let rank = reader.sequences[sizes].count
    let numbers =
      (reader.sequences[sizes].prefix(Self.greatestRank) + reader.sequences[steps].prefix(Self.greatestRank))
      .compactMap(\.integer)
    let shape = Array(numbers.prefix(rank)), strides = Array(numbers.dropFirst(rank))
    guard rank <= Self.greatestRank, reader.sequences[steps].count == rank, numbers.count == 2 * rank, offset >= 0,
      numbers.allSatisfy({ $0 >= 0 }),
      checkedByteCount(shape, bitsPerElement: 8 * storage.element.kind.tensorDType.byteCount) != nil
    else {
      throw reader.failure("expected a size and a stride for each of at most \(Self.greatestRank) axes, got others")
    }
    (self.storage, self.offset, self.shape, self.strides) = (storage, offset, shape, strides)
    if !shape.contains(0), greatestIndex.map({ $0 >= storage.count }) ?? true {
      throw reader.failure(
        "expected a tensor in a storage of \(storage.count) elements, got shape \(shape), strides \(strides) from "
          + "element \(offset)")
    }
  }

  /// Returns the size of the tensor in memory, in bytes.
  func byteCount(keepingHalfPrecision: Bool) -> Int {
    let element = storage.element
    let isKept = keepingHalfPrecision && (element == .float16 || element == .bfloat16)
    return shape.reduce(1, *) * (isKept ? element.byteCount : element.kind.tensorDType.byteCount)
  }

  /// The index of the last element in the storage; nil if it overflows.
  private var greatestIndex: Int? {
    var index = offset
    for (size, stride) in zip(shape, strides) {
      let (distance, isTooFar) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, isTooLarge) = index.addingReportingOverflow(distance)
      if isTooFar || isTooLarge { return nil }
      index = sum
    }
    return index
  }

  /// Returns the tensor with its numbers, contiguous.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of the storage.
  ///   - isBigEndian: The order of bytes in the storage.
  ///   - keepingHalfPrecision: Whether `half` and `bfloat16` keep their types; otherwise they become `float32`.
  ///   - name: The name of the tensor, for messages.
  func tensor(
    of bytes: [UInt8], isBigEndian: Bool, keepingHalfPrecision: Bool, name: String, location: String
  ) throws(MoultError) -> Tensor {
    let numbers = elements(of: bytes)
    if storage.element == .bool, let byte = numbers.first(where: { $0 > 1 }) {
      throw MoultError(
        .badData, "PyTorch: tensor \"\(name.visible)\": expected truth values of 0 or 1, got \(byte)",
        location: location)
    }
    if storage.element == .bfloat16 {
      let tensor = Tensor(dtype: .bfloat16, shape: shape) { target in
        // NumPy, by whose types the others are read, does not have this one.
        for index in numbers.indices { target[isBigEndian ? index ^ 1 : index] = numbers[index] }
      }
      return keepingHalfPrecision ? tensor : tensor.cast(to: .float32)
    }
    return try NPYElement(storage.element.kind, isBigEndian: isBigEndian)
      .tensor(of: numbers, shape: shape, keepingHalfPrecision: keepingHalfPrecision, location: location)
  }

  /// Returns the bytes of the elements in row-major order.
  private func elements(of bytes: [UInt8]) -> [UInt8] {
    if shape.contains(0) { return [] }
    let width = storage.element.byteCount, count = shape.reduce(1, *)
    if isContiguous {
      return count == storage.count ? bytes : Array(bytes[(offset * width)..<((offset + count) * width)])
    }
    return [UInt8](unsafeUninitializedCapacity: count * width) { target, initializedCount in
      bytes.withUnsafeBytes { source in
        let target = UnsafeMutableRawBufferPointer(target)
        switch width {
        case 1: gather(UInt8.self, source, target, count)
        case 2: gather(UInt16.self, source, target, count)
        case 4: gather(UInt32.self, source, target, count)
        default: gather(UInt64.self, source, target, count)
        }
      }
      initializedCount = count * width
    }
  }

  private var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  private func gather<Bits: FixedWidthInteger>(
    _ bits: Bits.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ count: Int
  ) {
    let width = MemoryLayout<Bits>.size
    var indices = [Int](repeating: 0, count: shape.count)
    var position = offset
    for element in 0..<count {
      let value = source.loadUnaligned(fromByteOffset: position * width, as: Bits.self)
      target.storeBytes(of: value, toByteOffset: element * width, as: Bits.self)
      var axis = shape.count - 1
      while axis >= 0 {
        if indices[axis] + 1 < shape[axis] {
          indices[axis] += 1
          position += strides[axis]
          break
        }
        position -= indices[axis] * strides[axis]
        indices[axis] = 0
        axis -= 1
      }
    }
  }
}
