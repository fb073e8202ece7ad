import CZlib
import MoultCore

/// Reads the content of a zip member in pieces, and checks its size and checksum at the end.
final class ZipMemberReader {
  /// The name of the member in error messages: the path of the zip file and the name of the member.
  let location: String
  private let member: ZipMember
  private let bytes: RandomAccessBytes
  private let inflater: InflateReader?
  private var position = 0
  private var checksum: UInt = 0

  init(_ member: ZipMember, _ bytes: RandomAccessBytes, location: String) throws(MoultError) {
    (self.member, self.bytes, self.location) = (member, bytes, location)
    inflater = member.method == .deflated ? try InflateReader(bytes, wrapping: .none) : nil
    guard inflater.map({ member.byteCount <= $0.greatestRest }) ?? true else {
      throw MoultError(
        .badData, "zip: expected a content that \(bytes.count) packed bytes can hold, got \(member.byteCount) bytes",
        location: location)
    }
  }

  /// The number of bytes that are left, by the size in the zip file.
  var rest: Int { member.byteCount - position }

  /// Reads the next bytes of the content: `count` of them, or fewer at the end.
  func read(atMost count: Int) throws(MoultError) -> [UInt8] {
    let wanted = min(count, rest)
    let result =
      if let inflater { try inflater.read(atMost: wanted) } else { try bytes.bytes(wanted, at: position) }
    position += result.count
    checksum = crc32Checksum(of: result, after: checksum)
    return result
  }

  /// Returns whether everything has been read. Throws if the size or the checksum is wrong.
  func isAtEnd() throws(MoultError) -> Bool {
    guard rest == 0 else { return false }
    guard try inflater?.isAtEnd() ?? true else {
      throw MoultError(
        .badData, "zip: expected \(member.byteCount) bytes of content, got more", location: location)
    }
    guard checksum == UInt(member.checksum) else {
      throw MoultError(
        .badData, "zip: expected the checksum that the file declares, got another; it is damaged, fetch it again",
        location: location)
    }
    return true
  }
}

/// Returns the CRC-32 of `bytes`, continued from the CRC-32 of the bytes before them, 0 at the beginning.
func crc32Checksum(of bytes: [UInt8], after checksum: UInt = 0) -> UInt {
  bytes.withUnsafeBufferPointer { buffer in
    // For a null pointer zlib would return the initial value instead.
    buffer.isEmpty ? checksum : crc32_z(checksum, buffer.baseAddress, buffer.count)
  }
}
