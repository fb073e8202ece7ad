import MoultCore

/// The position of the list of members (the central directory) in a zip file, from the records at the end of the file.
///
/// The list must end where these records begin, and the records must end with the file. Data before the archive are not
/// searched, so a file can be read in only one way.
struct ZipDirectory {
  /// The range of the list in the file.
  let range: Range<Int>
  /// The number of members that the records declare.
  let memberCount: Int

  private static let endByteCount = 22
  private static let locatorByteCount = 20
  private static let end64ByteCount = 56

  init(_ file: RandomAccessBytes) throws(MoultError) {
    let (end, endOffset) = try Self.findEnd(of: file)
    let disks = [end.unsigned16(at: 4), end.unsigned16(at: 6)]
    let counts = [end.unsigned16(at: 8), end.unsigned16(at: 10)]
    var (count, size, offset) = (UInt64(counts[1]), UInt64(end.unsigned32(at: 12)), UInt64(end.unsigned32(at: 16)))
    var listEnd = endOffset
    guard disks.allSatisfy({ $0 == 0 || $0 == 0xFFFF }), counts[0] == counts[1] else {
      throw Self.failure("expected an archive in one piece, got a part of several", file)
    }
    // Some programs, PyTorch among them, write the 64-bit record even if the numbers fit into the other one.
    let isWide = count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF
    if isWide || offset + size != UInt64(endOffset),
      let (end64, end64Offset) = try Self.findEnd64(of: file, before: endOffset)
    {
      guard end64.unsigned32(at: 16) == 0, end64.unsigned32(at: 20) == 0 else {
        throw Self.failure("expected an archive in one piece, got a part of several", file)
      }
      let wide = (count: end64.unsigned64(at: 32), size: end64.unsigned64(at: 40), offset: end64.unsigned64(at: 48))
      guard count == 0xFFFF || count == wide.count, size == 0xFFFF_FFFF || size == wide.size,
        offset == 0xFFFF_FFFF || offset == wide.offset
      else { throw Self.failure("expected the same numbers in both records at the end, got others", file) }
      (count, size, offset) = wide
      listEnd = end64Offset
    }
    let (sum, overflows) = offset.addingReportingOverflow(size)
    guard !overflows, sum == UInt64(listEnd) else {
      throw Self.failure(
        "expected the list of members to end at byte \(listEnd), got a list of \(size) bytes at byte \(offset); "
          + "the file is damaged, or something was put before or behind the archive",
        file)
    }
    range = Int(offset)..<listEnd
    guard count <= UInt64(range.count / ZipMember.fixedByteCount) else {
      throw Self.failure("expected \(count) members, got a list of \(size) bytes, too small for them", file)
    }
    memberCount = Int(count)
  }

  private static func failure(_ text: String, _ file: RandomAccessBytes) -> MoultError {
    MoultError(.badData, "zip: \(text)", location: file.location)
  }

  /// Finds the end record. A comment of up to 65,535 bytes may follow; it must end with the file.
  private static func findEnd(of file: RandomAccessBytes) throws(MoultError) -> (record: [UInt8], offset: Int) {
    let count = min(file.count, endByteCount + 0xFFFF)
    let tailOffset = file.count - count
    let tail = try file.bytes(count, at: tailOffset)
    var start = count - endByteCount
    while start >= 0 {
      if tail.hasZipSignature(0x0605_4B50, at: start),
        start + endByteCount + Int(tail.unsigned16(at: start + 20)) == count
      {
        return (Array(tail[start..<(start + endByteCount)]), tailOffset + start)
      }
      start -= 1
    }
    throw failure("expected an archive, got none of its records at the end; the file is cut short or no zip file", file)
  }

  /// Finds the 64-bit end record through the locator directly before the other end record; nil if there is no locator.
  private static func findEnd64(
    of file: RandomAccessBytes, before endOffset: Int
  ) throws(MoultError) -> (record: [UInt8], offset: Int)? {
    let locatorOffset = endOffset - locatorByteCount
    guard locatorOffset >= end64ByteCount else { return nil }
    let locator = try file.bytes(locatorByteCount, at: locatorOffset)
    guard locator.hasZipSignature(0x0706_4B50, at: 0) else { return nil }
    let offset = locator.unsigned64(at: 8)
    guard offset <= UInt64(locatorOffset - end64ByteCount) else {
      throw failure("expected the 64-bit record before byte \(locatorOffset), got it at byte \(offset)", file)
    }
    let record = try file.bytes(end64ByteCount, at: Int(offset))
    // The size field of the record does not count its first 12 bytes.
    let size = record.unsigned64(at: 4)
    guard record.hasZipSignature(0x0606_4B50, at: 0), size == UInt64(locatorOffset) - offset - 12 else {
      throw failure("expected a 64-bit record at byte \(offset) that ends at byte \(locatorOffset), got none", file)
    }
    return (record, Int(offset))
  }
}

extension [UInt8] {
  /// Returns the little-endian 16-bit number at `offset`. The caller has checked the bounds.
  func unsigned16(at offset: Int) -> UInt16 { littleEndian(at: offset) }
  /// Returns the little-endian 32-bit number at `offset`. The caller has checked the bounds.
  func unsigned32(at offset: Int) -> UInt32 { littleEndian(at: offset) }
  /// Returns the little-endian 64-bit number at `offset`. The caller has checked the bounds.
  func unsigned64(at offset: Int) -> UInt64 { littleEndian(at: offset) }

  private func littleEndian<Number: FixedWidthInteger>(at offset: Int) -> Number {
    withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
  }

  /// Returns whether a zip record with this signature begins at `offset`.
  func hasZipSignature(_ signature: UInt32, at offset: Int) -> Bool {
    offset + 4 <= count && unsigned32(at: offset) == signature
  }
}
