import MoultFormats

/// A summary of the values of a column, gathered row by row.
struct ColumnSummary {
  /// Different values of a column of numbers are counted up to here; of other columns all are.
  static let countedNumbers = 10_000
  private static let exampleCount = 3
  /// With no more different values, a column of numbers and texts may well be one of names.
  static let fewValues = 20
  private static let fewTexts = 3

  private(set) var count = 0, missingCount = 0, numberCount = 0
  /// Whether all numbers are whole.
  private(set) var isWhole = true
  /// Whether values count from 0 or 1: the rows' own numbers. Those that begin elsewhere, as years do, may mean
  /// something.
  private(set) var isCounting = true
  private(set) var minimum = Double.infinity, maximum = -Double.infinity
  /// The first values that differ.
  private(set) var examples: [String] = []
  /// The first value that is no number, and its line.
  private(set) var firstText: (text: String, line: Int)?
  /// Values that are numbers but for their commas.
  private(set) var commaNumberCount = 0
  /// Values that are numbers but for a sign of money or of a share.
  private(set) var unitNumberCount = 0
  /// Whether a number begins with a 0 that a number would not need, as `00501`.
  private(set) var hasLeadingZeros = false
  private var hashes: Set<UInt64> = []
  /// Of the first texts that differ and are no numbers.
  private var textHashes: Set<UInt64> = []
  private var last: Double?

  /// How many values differ, or at least do.
  var differentCount: Int { hashes.count }
  var isCountCapped: Bool { isNumeric && hashes.count >= Self.countedNumbers }
  var presentCount: Int { count - missingCount }
  /// Whether every value that is there is a number.
  var isNumeric: Bool { numberCount == presentCount }
  /// Whether numbers are most of what is there. A column of names may well hold some that look like numbers.
  var isMostlyNumbers: Bool { !isNumeric && 10 * numberCount >= 9 * presentCount }
  /// Whether the column holds many different numbers and only a few different texts, which then probably mark missing
  /// values.
  var isNumbersAndFewTexts: Bool {
    !isNumeric && textHashes.count <= Self.fewTexts && differentCount - textHashes.count > Self.fewValues
  }

  /// Takes the field of the reader's current row.
  mutating func add(_ reader: CSVReader, column: Int) {
    count += 1
    let (isMissing, number, hash) = reader.withBytes(at: column) { bytes -> (Bool, Double?, UInt64) in
      if isMissingWord(bytes) { return (true, nil, 0) }
      let number = decimalNumber(bytes)
      if number == nil {
        if isCommaNumber(bytes) { commaNumberCount += 1 } else if isUnitNumber(bytes) { unitNumberCount += 1 }
      } else if bytes.count > 1, bytes[0] == UInt8(ascii: "0"), bytes[1] &- UInt8(ascii: "0") < 10 {
        hasLeadingZeros = true
      }
      return (false, number, Self.hash(bytes))
    }
    if isMissing {
      missingCount += 1
      isCounting = false
      return
    }
    if let number {
      numberCount += 1
      isWhole = isWhole && number == number.rounded()
      isCounting = isCounting && (last.map { $0 + 1 == number } ?? (number == 0 || number == 1))
      last = number
      (minimum, maximum) = (min(minimum, number), max(maximum, number))
    } else {
      if firstText == nil { firstText = (reader.text(at: column), reader.line) }
      if textHashes.count <= Self.fewTexts { textHashes.insert(hash) }
    }
    if !isCountCapped, hashes.insert(hash).inserted, examples.count < Self.exampleCount {
      examples.append(reader.text(at: column))
    }
  }

  /// FNV-1a with a last mix. Two of a million texts collide with a chance of 3 in 10^8. Texts that are equal by Unicode
  /// though their bytes differ are one value, as they are one class.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes {
      if byte >= 0x80 { return UInt64(bitPattern: Int64(String(decoding: bytes, as: UTF8.self).hashValue)) }
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    hash ^= hash >> 32
    return hash &* 0x9E37_79B9_7F4A_7C15
  }
}
