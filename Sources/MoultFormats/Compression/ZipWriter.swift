import MoultCore

/// Creates the bytes of a zip file member by member, without compression and timestamps.
package struct ZipWriter {
  /// The smallest size, offset or count that needs a 64-bit record instead of a 32-bit or 16-bit field. Tests lower it.
  private let firstWide: (bits32: Int, bits16: Int)
  private var list: [UInt8] = []
  private var count = 0
  private var position = 0

  package init(firstWide: (bits32: Int, bits16: Int) = (0xFFFF_FFFF, 0xFFFF)) { self.firstWide = firstWide }

  /// Returns the bytes of the next member, header and content. The caller writes them in the order of the calls.
  ///
  /// - Throws: `.badData` for a name of more than 65,535 bytes, or with a NUL byte.
  package mutating func member(named name: String, _ content: [UInt8]) throws(MoultError) -> [UInt8] {
    let nameBytes = Array(name.utf8)
    guard nameBytes.count <= 0xFFFF, !nameBytes.contains(0) else {
      throw MoultError(.badData, "zip: expected names of at most 65 535 bytes without NUL, got \"\(name.prefix(100))\"")
    }
    let isWide = content.count >= firstWide.bits32
    let isFar = position >= firstWide.bits32
    let size: UInt32 = isWide ? 0xFFFF_FFFF : UInt32(content.count)
    let sizes: [UInt8] = isWide ? Self.bytes(UInt64(content.count)) + Self.bytes(UInt64(content.count)) : []
    let places: [UInt8] = isFar ? Self.bytes(UInt64(position)) : []
    func extra(_ numbers: [UInt8]) -> [UInt8] {
      numbers.isEmpty ? [] : Self.bytes(UInt16(1)) + Self.bytes(UInt16(numbers.count)) + numbers
    }
    let (ownExtra, listExtra) = (extra(sizes), extra(sizes + places))
    // Version 4.5 is needed for 64-bit sizes. Bit 11 marks a UTF-8 name. The date 0x21 is the first one of the format.
    let version: UInt16 = isWide || isFar ? 45 : 20
    let flags: UInt16 = nameBytes.allSatisfy { $0 < 0x80 } ? 0 : 0x800
    var common = Self.bytes(version) + Self.bytes(flags) + Self.bytes(UInt16(0)) + Self.bytes(UInt16(0))
    common += Self.bytes(UInt16(0x21)) + Self.bytes(UInt32(crc32Checksum(of: content))) + Self.bytes(size)
    common += Self.bytes(size) + Self.bytes(UInt16(nameBytes.count))
    list += Self.bytes(UInt32(0x0201_4B50)) + Self.bytes(version) + common + Self.bytes(UInt16(listExtra.count))
    // Fields for comment, disk number and attributes, all zero.
    list += [UInt8](repeating: 0, count: 10)
    list += Self.bytes(isFar ? UInt32(0xFFFF_FFFF) : UInt32(position)) + nameBytes + listExtra
    let header = Self.bytes(UInt32(0x0403_4B50)) + common + Self.bytes(UInt16(ownExtra.count)) + nameBytes + ownExtra
    count += 1
    position += header.count + content.count
    return header + content
  }

  /// Returns the bytes after the last member: the list of members and the end records.
  package func end() -> [UInt8] {
    let isWide = position >= firstWide.bits32 || list.count >= firstWide.bits32 || count >= firstWide.bits16
    var records: [UInt8] = []
    if isWide {
      let counts = Self.bytes(UInt64(count)) + Self.bytes(UInt64(count))
      records += Self.bytes(UInt32(0x0606_4B50)) + Self.bytes(UInt64(44)) + Self.bytes(UInt16(45))
      records += Self.bytes(UInt16(45)) + Self.bytes(UInt32(0)) + Self.bytes(UInt32(0)) + counts
      records += Self.bytes(UInt64(list.count)) + Self.bytes(UInt64(position))
      records += Self.bytes(UInt32(0x0706_4B50)) + Self.bytes(UInt32(0)) + Self.bytes(UInt64(position + list.count))
      records += Self.bytes(UInt32(1))
    }
    let short: UInt16 = isWide ? 0xFFFF : UInt16(count)
    records += Self.bytes(UInt32(0x0605_4B50)) + Self.bytes(UInt32(0)) + Self.bytes(short) + Self.bytes(short)
    records += Self.bytes(isWide ? UInt32(0xFFFF_FFFF) : UInt32(list.count))
    records += Self.bytes(isWide ? UInt32(0xFFFF_FFFF) : UInt32(position)) + Self.bytes(UInt16(0))
    return list + records
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
