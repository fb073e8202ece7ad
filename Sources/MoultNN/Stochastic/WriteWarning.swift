import MoultPlatform

/// Writes a line `warning: text` to standard error.
func writeWarning(_ text: String) {
  let line = Array("warning: \(text)\n".utf8)
  _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
