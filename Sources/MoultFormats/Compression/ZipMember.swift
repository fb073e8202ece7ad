import MoultCore

/// One member of a zip file, as its entry in the list of members describes it.
struct ZipMember {
  /// The compression method.
  enum Method: UInt16 {
    case stored = 0
    case deflated = 8
  }

  /// The size in bytes of the fixed part of an entry, before the name.
  static let fixedByteCount = 46

  /// The name of the member. It is never used as a path.
  let name: String
  let nameBytes: [UInt8]
  let method: Method
  let flags: UInt16
  let checksum: UInt32
  let packedByteCount: Int
  let byteCount: Int
  /// The offset of the member's own header in the file.
  let headerOffset: Int

  /// Whether the sizes and the checksum are stored after the content instead of in the member's header.
  var hasDataDescriptor: Bool { flags & 0x8 != 0 }

  /// Parses the entry at `position` of the list, and advances `position` to the next entry.
  ///
  /// - Throws: `.badData` for an invalid entry, encryption, or an unsupported compression method.
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
    // Bits 0, 6 and 13 mark kinds of encryption.
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

  /// Returns the range of the content in the file, from the member's own header. Throws if the header does not agree
  /// with the list or the content does not end before `limit`.
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
    // Only the flags that affect reading are compared: encryption and the data descriptor.
    guard ownName == nameBytes, header.unsigned16(at: 8) == method.rawValue,
      (header.unsigned16(at: 6) ^ flags) & 0x2049 == 0
    else {
      throw failure("expected the name, flags and method of the list in the member's own header, got others")
    }
    if !hasDataDescriptor {
      // 0xFFFFFFFF means that the size is a 64-bit number after the name.
      let sizes = [(header.unsigned32(at: 18), packedByteCount), (header.unsigned32(at: 22), byteCount)]
      guard header.unsigned32(at: 14) == checksum,
        sizes.allSatisfy({ $0.0 == 0xFFFF_FFFF || Int($0.0) == $0.1 })
      else { throw failure("expected the sizes and checksum of the list in the member's own header, got others") }
    }
    return start..<(start + packedByteCount)
  }
}

/// The 64-bit numbers in the extra field of an entry, in the order of the format.
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

  /// Returns the value of a 32-bit field, or the next 64-bit number if the field is 0xFFFFFFFF; nil if there is none or
  /// if it is 2^63 or more.
  mutating func next(or field: UInt32) -> Int? {
    guard field == 0xFFFF_FFFF else { return Int(field) }
    guard rest.count >= 8 else { return nil }
    defer { rest.removeFirst(8) }
    return Int(exactly: rest.unsigned64(at: 0))
  }
}
