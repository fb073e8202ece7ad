/// The words that stand for a missing value in a table, in upper or lower case. An empty field is a missing value too.
///
/// `None` and `-` are not in the list, because they are used as class names, and rows of that class would be left out.
let missingValueWords = ["NA", "N/A", "#N/A", "<NA>", "NaN", "-NaN", "null", "?"]

private let loweredWords = missingValueWords.map { Array($0.lowercased().utf8) }

/// Returns whether `bytes` are empty or one of `missingValueWords`, in upper or lower case.
package func isMissingWord(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  if bytes.isEmpty { return true }
  // The longest word has 4 bytes, so longer fields need no comparison.
  if bytes.count > 4 { return false }
  return loweredWords.contains { word in
    word.count == bytes.count && zip(word, bytes).allSatisfy { $0 == ($1 &- UInt8(ascii: "A") < 26 ? $1 | 0x20 : $1) }
  }
}
