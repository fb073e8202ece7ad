import MoultCore

/// Safetensors files: names, shapes and plain numbers, nothing that runs.
///
/// Reading is strict, in six places stricter than the reference implementation (0.8.0): the header must begin with
/// `{`, names must not repeat (two spellings of one text by Unicode are a repetition too), entries must not have
/// unknown fields, a BOOL is 0 or 1, a shape has at most 64 sizes, and these must not overflow behind a 0 either.
/// Writing orders everything, so that equal content gives equal bytes, and the same bytes as the reference where the
/// header's metadata has at most one key (the reference leaves their order to chance).
public enum SafeTensors {
  /// The most bytes a header may have, as in the reference.
  public static let greatestHeaderByteCount = 100_000_000

  /// Reads all tensors and the metadata of a file.
  ///
  /// `F16` and `BF16` become `float32`, exactly. `F32`, `F64`, `I64`, `I32`, `U8` and `BOOL` stay what they are; any
  /// other type is an error that names the tensor.
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

  /// Reads the bytes of a safetensors file. `location` is what messages call it.
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

  /// Reads what a file declares, without its numbers. Types that Moult has no tensors for are listed too.
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
