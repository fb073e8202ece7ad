import MoultCore

/// One member of a zip file, as the list of members declares it.
struct ZipMember {
  /// How the content is kept.
  enum Method: UInt16 {
    case stored = 0
    case deflated = 8
  }

  /// The bytes of an entry of the list before its name.
  static let fixedByteCount = 46

  /// The name: a text only, never used as a path.
  let name: String
  let nameBytes: [UInt8]
  let method: Method
  let flags: UInt16
  let checksum: UInt32
  let packedByteCount: Int
  let byteCount: Int
  /// Where the member's own header begins in the file.
  let headerOffset: Int

  /// Whether the sizes and the checksum stand behind the content instead of before it.
  var hasDataDescriptor: Bool { flags & 0x8 != 0 }

  /// Parses the entry at `position` of the list, and moves `position` behind it.
  init(_ list: [UInt8], at position: inout Int, location: String?) throws(MoultError) {
    func failure(_ text: String) -> MoultError { MoultError(.badData, "zip: \(text)", location: location) }
    let start = position
    guard list.hasZipSignature(0x0201_4B50, at: start), list.count - start >= Self.fixedByteCount else {
      throw failure("expected another entry at byte \(start) of the list of members, got none; the file is damaged")
    }
    let nameEnd = start + Self.fixedByteCount + Int(list.unsigned16(at: start + 28))
    let extraEnd = nameEnd + Int(list.unsigned16(at: start + 30))
    let end = extraEnd + Int(list.unsigned16(at: start + 32))
    guard end <= list.count else {
      throw failure("expected an entry of \(end - start) bytes, got \(list.count - start); the file is damaged")
    }
    nameBytes = Array(list[(start + Self.fixedByteCount)..<nameEnd])
    guard let text = String(validating: nameBytes, as: UTF8.self), !nameBytes.contains(0) else {
      throw failure("expected names in UTF-8 without NUL, got another one at byte \(start) of the list of members")
    }
    name = text
    flags = list.unsigned16(at: start + 8)
    // Bits 0, 6 and 13: encrypted in one way or another.
    guard flags & 0x2041 == 0 else {
      throw failure("member \"\(name)\": expected plain content, got encrypted; save it without a password")
    }
    let code = list.unsigned16(at: start + 10)
    guard let method = Method(rawValue: code) else {
      throw failure("member \"\(name)\": expected method 0 (stored) or 8 (deflate), got \(code)")
    }
    self.method = method
    checksum = list.unsigned32(at: start + 16)
    var sizes = ZipSizes(Array(list[nameEnd..<extraEnd]))
    guard let byteCount = sizes.next(or: list.unsigned32(at: start + 24)),
      let packedByteCount = sizes.next(or: list.unsigned32(at: start + 20)),
      let headerOffset = sizes.next(or: list.unsigned32(at: start + 42))
    else { throw failure("member \"\(name)\": expected sizes below 2^63, got none that can be read") }
    (self.byteCount, self.packedByteCount, self.headerOffset) = (byteCount, packedByteCount, headerOffset)
    guard method != .stored || byteCount == packedByteCount else {
      throw failure("member \"\(name)\": expected \(byteCount) stored bytes, got \(packedByteCount)")
    }
    position = end
  }

  /// Where the content lies, by the member's own header, which must agree with the list.
  func contentRange(in file: RandomAccessBytes, before limit: Int) throws(MoultError) -> Range<Int> {
    func failure(_ text: String) -> MoultError {
      MoultError(.badData, "zip: member \"\(name)\": \(text)", location: file.location)
    }
    let fixed = 30
    guard headerOffset <= limit - fixed else {
      throw failure("expected its header before byte \(limit), got it at byte \(headerOffset)")
    }
    let header = try file.bytes(fixed, at: headerOffset)
    let nameByteCount = Int(header.unsigned16(at: 26))
    let start = headerOffset + fixed + nameByteCount + Int(header.unsigned16(at: 28))
    guard header.hasZipSignature(0x0403_4B50, at: 0), start <= limit, packedByteCount <= limit - start else {
      throw failure("expected a header and \(packedByteCount) bytes at byte \(headerOffset), got something else")
    }
    let ownName = try file.bytes(nameByteCount, at: headerOffset + fixed)
    // Of the flags, those that decide how to read on: encryption and the data descriptor.
    guard ownName == nameBytes, header.unsigned16(at: 8) == method.rawValue,
      (header.unsigned16(at: 6) ^ flags) & 0x2049 == 0
    else {
      throw failure("expected the name, flags and method of the list in the member's own header, got others")
    }
    if !hasDataDescriptor {
      // 0xFFFFFFFF stands for a size of 64 bits that follows the name.
      let sizes = [(header.unsigned32(at: 18), packedByteCount), (header.unsigned32(at: 22), byteCount)]
      guard header.unsigned32(at: 14) == checksum,
        sizes.allSatisfy({ $0.0 == 0xFFFF_FFFF || Int($0.0) == $0.1 })
      else { throw failure("expected the sizes and checksum of the list in the member's own header, got others") }
    }
    return start..<(start + packedByteCount)
  }
}

/// The sizes of 64 bits that an entry has beside its fields of 32 bits, in the format's order.
private struct ZipSizes {
  private var rest: [UInt8] = []

  init(_ extra: [UInt8]) {
    var position = 0
    while extra.count - position >= 4 {
      let end = position + 4 + Int(extra.unsigned16(at: position + 2))
      guard end <= extra.count else { return }
      if extra.unsigned16(at: position) == 1 {
        rest = Array(extra[(position + 4)..<end])
        return
      }
      position = end
    }
  }

  /// The number that `field` stands for: itself, or the next one of 64 bits; nil if there is none, or none below 2^63.
  mutating func next(or field: UInt32) -> Int? {
    guard field == 0xFFFF_FFFF else { return Int(field) }
    guard rest.count >= 8 else { return nil }
    defer { rest.removeFirst(8) }
    return Int(exactly: rest.unsigned64(at: 0))
  }
}
