import MoultFormats

/// The numbers of a column's values, from 0.
///
/// Where all values are numbers, another spelling of one is that value: a column of 1 and 2 becomes one of 1.0 and 2.0
/// as soon as the program that writes it has a value missing.
struct ValueNumbers {
  private let ofText: [String: Int]
  private let ofNumber: [Double: Int]

  /// - Parameter values: all different.
  init(_ values: [String]) {
    ofText = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
    let numbers = values.compactMap(Self.number)
    // 00501 and 501 may be two.
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
