import CZlib

/// Encodes images as PNG files, without PNG filters.
///
/// - Source: [PNG, third edition](https://www.w3.org/TR/png-3/).
package enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The PNG color types for 1 to 4 channels: gray, gray and alpha, RGB, RGBA.
  private static let colorTypes: [UInt8] = [0, 4, 2, 6]

  /// Returns the PNG file of an image with 8 bits per channel; `nil` if the size does not fit the number of bytes.
  ///
  /// - Parameters:
  ///   - width: The width in pixels.
  ///   - height: The height in pixels.
  ///   - channels: 1 (gray), 2 (gray and alpha), 3 (RGB) or 4 (RGBA).
  ///   - bytes: The pixels row by row, `width · height · channels` bytes.
  package static func encoded(width: Int, height: Int, channels: Int, bytes: [UInt8]) -> [UInt8]? {
    let (row, rowOverflows) = width.multipliedReportingOverflow(by: channels)
    let (size, overflows) = row.multipliedReportingOverflow(by: height)
    guard
      (1...4).contains(channels), (1...0x7FFF_FFFF).contains(width), (1...0x7FFF_FFFF).contains(height),
      !rowOverflows, !overflows, size == bytes.count
    else { return nil }
    var lines: [UInt8] = []
    lines.reserveCapacity(size + height)
    for y in 0..<height {
      lines.append(0)  // the row's filter type: none
      lines += bytes[y * row..<(y + 1) * row]
    }
    guard let packed = deflated(lines) else { return nil }
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, colorTypes[channels - 1], 0, 0, 0]
    return signature + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", [])
  }

  /// Returns the image as a `data:` URI; `nil` if the size does not fit the number of bytes.
  static func dataURI(width: Int, height: Int, channels: Int, bytes: [UInt8]) -> String? {
    encoded(width: width, height: height, channels: channels, bytes: bytes).map {
      "data:image/png;base64," + base64($0)
    }
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
    var count = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    guard compress2(&result, &count, bytes, uLong(bytes.count), 9) == Z_OK else { return nil }
    return Array(result.prefix(Int(count)))
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    let checksum = crc32(0, body, UInt32(body.count))
    return bigEndian(UInt32(content.count)) + body + bigEndian(UInt32(checksum))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Returns the bytes in Base64.
  package static func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0..<4 {
        text.append(index <= group.count ? alphabet[word >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
