import Foundation
import Moult
import Testing

/// The SHA-256 of each tensor of a safetensors file, as Scripts/reference/run_digests.py computes it: of type, shape and
/// bytes, so that neither the order in the header nor the metadata count.
enum TensorDigests {
  /// The digests by the tensors' names.
  static func of(_ path: String) throws -> [String: String] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any]
    var digests: [String: String] = [:]
    for (name, entry) in try #require(header) where name != "__metadata__" {
      let entry = try #require(entry as? [String: Any])
      let dtype = try #require(entry["dtype"] as? String), shape = try #require(entry["shape"] as? [Int])
      let offsets = try #require(entry["data_offsets"] as? [Int]).map { $0 + 8 + length }
      let kind = Array("\(dtype) \(shape.map(String.init).joined(separator: ","))\n".utf8)
      digests[name] = sha256(kind + bytes[offsets[0]..<offsets[1]])
    }
    return digests
  }
}
