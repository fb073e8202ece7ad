import MoultCore

extension EventFile {
  /// Returns the size of the beginning of an event file that holds only records up to `step`. When a run is resumed
  /// from that step, the later records are cut off. An incomplete record at the end, left by a crash, is not counted.
  ///
  /// - Throws: An error of code `.badData` if `bytes` are not an event file.
  package static func byteCount(of bytes: [UInt8], upToStep step: Int, location: String) throws(MoultError) -> Int {
    func failure(_ text: String, at offset: Int) -> MoultError {
      MoultError(.badData, "TensorBoard events: \(text), at byte \(offset)", location: location)
    }
    var position = 0
    while bytes.count - position >= 16 {
      let length = bytes[position..<position + 8]
      guard CRC32C.masked(length) == UInt32(integer(bytes[position + 8..<position + 12])) else {
        throw failure("expected the length of a record with its checksum", at: position)
      }
      guard let count = Int(exactly: integer(length)), count <= bytes.count - position - 16 else { break }
      let message = bytes[position + 12..<position + 12 + count], end = position + 16 + count
      guard CRC32C.masked(message) == UInt32(integer(bytes[end - 4..<end])) else {
        if end == bytes.count { break }
        throw failure("expected a record that its checksum fits", at: position)
      }
      guard let recordStep = Self.step(of: message) else { throw failure("expected an event", at: position) }
      if recordStep > step { break }
      position = end
    }
    return position
  }

  /// Returns the step of an `Event` message, 0 if it has none; nil if the bytes are not a valid message.
  private static func step(of message: ArraySlice<UInt8>) -> Int64? {
    var rest = message, step: Int64 = 0
    while !rest.isEmpty {
      guard let key = takeVarint(&rest) else { return nil }
      switch key & 7 {
      case 0:
        guard let value = takeVarint(&rest) else { return nil }
        if key >> 3 == Field.step { step = Int64(bitPattern: value) }
      case 1 where rest.count >= 8: rest.removeFirst(8)
      case 2:
        guard let count = takeVarint(&rest), count <= rest.count else { return nil }
        rest.removeFirst(Int(count))
      case 5 where rest.count >= 4: rest.removeFirst(4)
      default: return nil
      }
    }
    return step
  }

  private static func takeVarint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
