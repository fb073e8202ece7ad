import MoultFormats

/// The indices of a column's values, from 0, by their text.
///
/// If all values are numbers, another spelling of a number has the same index: a column of 1 and 2 becomes one of 1.0
/// and 2.0 when the program that writes it has a missing value.
struct ValueNumbers {
  private let ofText: [String: Int]
  private let ofNumber: [Double: Int]

  /// Assigns the index of each value in `values`.
  ///
  /// - Parameter values: The values, all distinct.
  init(_ values: [String]) {
    ofText = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
    let numbers = values.compactMap(Self.number)
    // If two spellings of one number are distinct values, such as 00501 and 501, numbers are compared as texts only.
    let areOne = numbers.count == values.count && Set(numbers).count == numbers.count
    ofNumber = areOne ? Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices)) : [:]
  }

  subscript(text: String) -> Int? {
    ofText[text] ?? (ofNumber.isEmpty ? nil : Self.number(text).flatMap { ofNumber[$0] })
  }

  private static func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8(decimalNumber)
  }
}
