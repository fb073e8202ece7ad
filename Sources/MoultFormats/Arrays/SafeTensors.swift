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
  /// `F16` and `BF16` are converted to `float32`, exactly, unless they are kept. `F32`, `F64`, `I64`, `I32`, `U8` and
  /// `BOOL` keep their types.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - keepingHalfPrecision: Whether `F16` and `BF16` become tensors of `float16` and `bfloat16`, which take half of
  ///     the memory and have to be cast before operations compute with them.
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is damaged or has a tensor of another type.
  public static func read(
    _ path: String, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> (tensors: [String: Tensor], metadata: [String: String]) {
    let file = try InputFile(path)
    let header = try SafeTensorsHeader(file)
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      tensors[entry.name] = try tensor(of: entry, keepingHalfPrecision, location: path) { buffer throws(MoultError) in
        try file.read(into: buffer, at: header.dataOffset + entry.begin)
      }
    }
    return (tensors, header.metadata)
  }

  /// Reads the bytes of a safetensors file.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - location: The name of the data in error messages.
  ///   - keepingHalfPrecision: Whether `F16` and `BF16` keep their types, as in ``read(_:keepingHalfPrecision:)``.
  /// - Throws: `.badData` if the bytes are damaged or hold a tensor of an unsupported type.
  public static func decode(
    _ bytes: [UInt8], location: String, keepingHalfPrecision: Bool = false
  ) throws(MoultError) -> (tensors: [String: Tensor], metadata: [String: String]) {
    let header = try SafeTensorsHeader(bytes, location: location)
    var tensors: [String: Tensor] = [:]
    for entry in header.entries {
      tensors[entry.name] = try tensor(of: entry, keepingHalfPrecision, location: location) {
        buffer throws(MoultError) in
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
    of entry: SafeTensorsHeader.Entry, _ keepingHalfPrecision: Bool, location: String,
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
        try read(UnsafeMutableRawBufferPointer(rebasing: target[..<(entry.end - entry.begin)]))
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
    return dtype.isHalfPrecision && !keepingHalfPrecision ? tensor.cast(to: .float32) : tensor
  }
}
