import MoultCore

/// Reads and writes safetensors files, which hold named tensors as plain numbers, without code.
///
/// Reading is strict. In six cases it is stricter than the reference implementation (0.8.0): the header must begin with
/// `{`; names must not repeat, also not in another Unicode spelling; entries must not have unknown fields; a BOOL must
/// be 0 or 1; a shape has at most 64 sizes; and the sizes must not overflow even if one of them is 0. The order in a
/// written file is fixed, so equal content gives equal bytes. They equal those of the reference implementation if the
/// metadata has at most one key (with more, its order is random).
public enum SafeTensors {
  /// The largest size of a header in bytes, as in the reference implementation.
  public static let greatestHeaderByteCount = 100_000_000

  /// Reads all tensors and the metadata of a safetensors file.
  ///
  /// `F16` and `BF16` are converted to `float32`, exactly. `F32`, `F64`, `I64`, `I32`, `U8` and `BOOL` keep their
  /// types.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is damaged or has a tensor of another type.
  public static func read(
    _ path: String
  ) throws(MoultError) -> (tensors: [String: Tensor], metadata: [String: String]) {
    let file = try InputFile(path)
    let header = try SafeTensorsHeader(file)
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      tensors[entry.name] = try tensor(of: entry, location: path) { buffer throws(MoultError) in
        try file.read(into: buffer, at: header.dataOffset + entry.begin)
      }
    }
    return (tensors, header.metadata)
  }

  /// Reads the bytes of a safetensors file. `location` is the name of the data in error messages.
  ///
  /// - Throws: `.badData` if the bytes are damaged or hold a tensor of an unsupported type.
  public static func decode(
    _ bytes: [UInt8], location: String
  ) throws(MoultError) -> (tensors: [String: Tensor], metadata: [String: String]) {
    let header = try SafeTensorsHeader(bytes, location: location)
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      tensors[entry.name] = try tensor(of: entry, location: location) { buffer throws(MoultError) in
        buffer.copyBytes(from: bytes[(header.dataOffset + entry.begin)..<(header.dataOffset + entry.end)])
      }
    }
    return (tensors, header.metadata)
  }

  /// Reads the header of a safetensors file: metadata, names, types and shapes, but no numbers. Types that Moult has no
  /// tensors for are listed too.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if its header is invalid.
  public static func readHeader(_ path: String) throws(MoultError) -> SafeTensorsHeader {
    try SafeTensorsHeader(try InputFile(path))
  }

  private static func tensor(
    of entry: SafeTensorsHeader.Entry, location: String,
    reading read: (UnsafeMutableRawBufferPointer) throws(MoultError) -> Void
  ) throws(MoultError) -> Tensor {
    guard let dtype = entry.dtype.tensorDType else {
      throw MoultError(
        .badData,
        "safetensors: tensor \"\(entry.name)\": expected F64, F32, F16, BF16, I64, I32, U8 or BOOL, got "
          + "\(entry.dtype.rawValue), which Moult has no tensors for; convert it before saving",
        location: location)
    }
    var failure: MoultError?
    let tensor = Tensor(dtype: dtype, shape: entry.shape) { target in
      do throws(MoultError) {
        if let widen = entry.dtype.widening {
          try withTemporaryBytes(count: entry.end - entry.begin) { source throws(MoultError) in
            try read(source)
            widenHalves(source, to: target, by: widen)
          }
        } else {
          try read(UnsafeMutableRawBufferPointer(rebasing: target[..<(entry.end - entry.begin)]))
        }
        if dtype == .bool, let byte = target.first(where: { $0 > 1 }) {
          target.initializeMemory(as: UInt8.self, repeating: 0)
          throw MoultError(
            .badData, "safetensors: tensor \"\(entry.name)\": expected BOOL bytes of 0 or 1, got \(byte)",
            location: location)
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return tensor
  }

  private static func withTemporaryBytes(
    count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(MoultError) -> Void
  ) throws(MoultError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    try body(buffer)
  }

  private static func widenHalves(
    _ source: UnsafeMutableRawBufferPointer, to target: UnsafeMutableRawBufferPointer, by widen: (UInt16) -> Float
  ) {
    for index in 0..<(source.count / 2) {
      let half = UInt16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      target.storeBytes(of: widen(half), toByteOffset: 4 * index, as: Float.self)
    }
  }
}
