import Foundation
import MoultTestSupport
import Testing

/// The digest of each tensor of a safetensors file, as Scripts/reference/run_digests.py computes it: type, shape, and
/// the remainder of the bytes, one little-endian number, divided by a prime.
enum TensorDigests {
  private static let prime = UInt64.max - 58

  /// The digests by the tensors' names.
  static func of(_ path: String) throws -> [String: String] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let start = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try unwrapped(try JSONSerialization.jsonObject(with: bytes[8..<start]) as? [String: Any])
    var digests: [String: String] = [:]
    for (name, entry) in header where name != "__metadata__" {
      let entry = try unwrapped(entry as? [String: Any])
      let dtype = try unwrapped(entry["dtype"] as? String), shape = try unwrapped(entry["shape"] as? [Int])
      let offsets = try unwrapped(entry["data_offsets"] as? [Int])
      let remainder = bytes[start + offsets[0]..<start + offsets[1]].withUnsafeBytes(remainder)
      let digits = String(remainder, radix: 16)
      digests[name] = "\(dtype) \(shape) \(String(repeating: "0", count: 16 - digits.count))\(digits)"
    }
    return digests
  }

  private static func remainder(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    stride(from: 0, to: bytes.count, by: 8).reversed().reduce(0) { rest, offset in
      var word: UInt64 = 0
      withUnsafeMutableBytes(of: &word) { $0.copyBytes(from: bytes[offset..<min(offset + 8, bytes.count)]) }
      return prime.dividingFullWidth((rest, UInt64(littleEndian: word))).remainder
    }
  }
}
