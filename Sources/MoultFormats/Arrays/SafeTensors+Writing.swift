import MoultCore

extension SafeTensors {
  /// Writes `tensors` and `metadata` to a safetensors file, atomically. Equal content gives equal bytes.
  ///
  /// - Throws: `.badData` for the reserved name `__metadata__` or a too large header, `.cannotWrite` if the file cannot
  ///   be written.
  public static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws(MoultError) {
    try write(tensors, metadata: metadata, to: path, fileSystem: SystemFileSystem())
  }

  package static func write(
    _ tensors: [String: Tensor], metadata: [String: String], to path: String, fileSystem: some FileSystem
  ) throws(MoultError) {
    let sorted = try ordered(tensors, location: path)
    let header = try header(of: sorted, metadata: metadata, location: path)
    try AtomicFile.write(to: path, fileSystem: fileSystem) { file throws(MoultError) in
      try file.write(header)
      for (_, tensor) in sorted {
        var failure: MoultError?
        tensor.withContiguousBytes { bytes in
          do throws(MoultError) { try file.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
      }
    }
  }

  /// Returns the bytes of a safetensors file that holds `tensors` and `metadata`.
  ///
  /// - Throws: `.badData` for the reserved name `__metadata__` or a too large header.
  public static func encode(
    _ tensors: [String: Tensor], metadata: [String: String] = [:]
  ) throws(MoultError) -> [UInt8] {
    let sorted = try ordered(tensors, location: nil)
    var bytes = try header(of: sorted, metadata: metadata, location: nil)
    for (_, tensor) in sorted {
      tensor.withContiguousBytes { bytes += $0 }
    }
    return bytes
  }

  /// Returns the tensors in the order of the reference implementation: by type, the widest first, so that all are
  /// aligned, then by name.
  private static func ordered(
    _ tensors: [String: Tensor], location: String?
  ) throws(MoultError) -> [(name: String, tensor: Tensor)] {
    guard tensors["__metadata__"] == nil else {
      throw MoultError(
        .badData, "safetensors: expected tensor names other than \"__metadata__\", which the format keeps to itself",
        location: location)
    }
    return tensors.sorted { first, second in
      let orders = (SafeTensorsDType(first.value.dtype).order, SafeTensorsDType(second.value.dtype).order)
      return orders.0 != orders.1 ? orders.0 > orders.1 : first.key.utf8.lexicographicallyPrecedes(second.key.utf8)
    }.map { ($0.key, $0.value) }
  }

  /// Returns the header with its length before it, padded with spaces so that the numbers begin at a multiple of eight
  /// bytes.
  private static func header(
    of tensors: [(name: String, tensor: Tensor)], metadata: [String: String], location: String?
  ) throws(MoultError) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\($0.key.quotedAsJSON()):\($0.value.quotedAsJSON())" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var position = 0
    for (name, tensor) in tensors {
      let dtype = SafeTensorsDType(tensor.dtype).rawValue
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = position + tensor.count * tensor.dtype.byteCount
      let offsets = "\"data_offsets\":[\(position),\(end)]"
      members.append("\(name.quotedAsJSON()):{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)],\(offsets)}")
      position = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= greatestHeaderByteCount else {
      throw MoultError(
        .badData, "safetensors: expected a header of at most \(greatestHeaderByteCount) bytes, got \(header.count)",
        location: location)
    }
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
  }
}
