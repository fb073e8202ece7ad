extension String {
  /// The text as a field of a comma-separated file, in quotes if it needs them (RFC 4180).
  ///
  /// Bytes are compared, not characters: a quote and a combining mark together are one `Character` that does not equal
  /// a quote.
  package var quotedForCSV: String {
    let quote = UInt8(ascii: "\"")
    guard utf8.contains(where: { [quote, UInt8(ascii: ","), 10, 13].contains($0) }) else { return self }
    var bytes = [quote]
    for byte in utf8 { bytes += byte == quote ? [quote, quote] : [byte] }
    return String(decoding: bytes + [quote], as: UTF8.self)
  }
}
