import MoultFormats

/// Statistics of the values of one table column, updated row by row.
struct ColumnSummary {
  /// The largest number of distinct values that are counted in a numeric column. Other columns have no limit.
  static let countedNumbers = 10_000
  private static let exampleCount = 3
  /// A column of numbers and texts with at most this many distinct values is probably categorical.
  static let fewValues = 20
  private static let fewTexts = 3

  private(set) var count = 0, missingCount = 0, numberCount = 0
  /// Whether all numbers are integers.
  private(set) var isWhole = true
  /// Whether the values are consecutive integers from 0 or 1, that is, row numbers. Integers that start elsewhere, such
  /// as years, may be informative.
  private(set) var isCounting = true
  private(set) var minimum = Double.infinity, maximum = -Double.infinity
  /// The first distinct values, at most three.
  private(set) var examples: [String] = []
  /// The first value that is not a number, and its line.
  private(set) var firstText: (text: String, line: Int)?
  /// The number of values that would be numbers without their commas.
  private(set) var commaNumberCount = 0
  /// The number of values that would be numbers without a currency or percent sign.
  private(set) var unitNumberCount = 0
  /// Whether a number has unnecessary leading zeros, such as `00501`.
  private(set) var hasLeadingZeros = false
  private var hashes: Set<UInt64> = []
  /// The hashes of the first distinct values that are not numbers, at most `fewTexts + 1`.
  private var textHashes: Set<UInt64> = []
  private var last: Double?

  /// The number of distinct values; only a lower bound if `isCountCapped`.
  var differentCount: Int { hashes.count }
  var isCountCapped: Bool { isNumeric && hashes.count >= Self.countedNumbers }
  var presentCount: Int { count - missingCount }
  /// Whether all values are numbers, missing values aside.
  var isNumeric: Bool { numberCount == presentCount }
  /// Whether at least 90 % of the values, but not all, are numbers. A categorical column can hold some texts that look
  /// like numbers.
  var isMostlyNumbers: Bool { !isNumeric && 10 * numberCount >= 9 * presentCount }
  /// Whether the column holds many distinct numbers and at most three distinct texts, which then probably mark missing
  /// values.
  var isNumbersAndFewTexts: Bool {
    !isNumeric && textHashes.count <= Self.fewTexts && differentCount - textHashes.count > Self.fewValues
  }

  /// Adds the field of the reader's current row.
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

  /// Returns a 64-bit hash: FNV-1a with a final mixing step. The probability of any collision among a million texts is
  /// 3 · 10^-8. Texts with different bytes that are equal by Unicode's rules have the same hash, as they are the same
  /// class.
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
