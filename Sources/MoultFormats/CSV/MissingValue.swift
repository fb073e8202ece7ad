/// The words for a missing value in a table, in upper or lower case; an empty field is a missing value too.
///
/// `None` and `-` are not among them, as they are names of classes: rows of that class would be left out.
let missingValueWords = ["NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN", "null", "?"]

private let loweredWords = missingValueWords.map { Array($0.lowercased().utf8) }

/// Whether `bytes` stand for a missing value.
package func isMissingWord(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  if bytes.isEmpty { return true }
  // Longer than the longest word: no need to compare.
  if bytes.count > 4 { return false }
  return loweredWords.contains { word in
    word.count == bytes.count && zip(word, bytes).allSatisfy { $0 == ($1 &- UInt8(ascii: "A") < 26 ? $1 | 0x20 : $1) }
  }
}
