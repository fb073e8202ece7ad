import MoultCore

/// The assignment of the rows of a table to training, validation and test.
public struct TableSplit: Sendable, Equatable {
  /// The three parts.
  public enum Part: String, Sendable, CaseIterable {
    case train, validation, test
  }

  /// The part of each row; nil for rows without a target, which are not used.
  public let parts: [Part?]

  /// Returns the number of rows of a part.
  public func count(of part: Part) -> Int { parts.count { $0 == part } }
  /// The number of rows without a target.
  public var leftOutCount: Int { parts.count { $0 == nil } }

  /// Splits the rows at random, stratified by class.
  ///
  /// Each part gets the same fraction of each class, up to rounding. At least one row of each class is a training row.
  ///
  /// - Parameters:
  ///   - groups: The class index of each row, 0 for all rows of a regression; nil for rows without a target.
  ///   - validationFraction: The fraction of the rows with a target for validation, 0 or more.
  ///   - testFraction: The fraction for test, 0 or more; both fractions together are less than 1.
  ///   - seed: The seed of the random order of the rows.
  package init(groups: [Int?], validationFraction: Double, testFraction: Double, seed: UInt64) {
    var parts: [Part?] = groups.map { $0 == nil ? nil : .train }
    var rows: [[Int]] = Array(repeating: [], count: (groups.compactMap { $0 }.max() ?? -1) + 1)
    for row in shuffledIndices(count: groups.count, seed: seed, epoch: 0) {
      if let group = groups[row] { rows[group].append(row) }
    }
    // The fractions of the running total are rounded, so that later classes make up for earlier ones that have too few
    // rows, and the parts get the right total sizes. No class gives more than its own fraction, rounded up.
    var total = 0, tested = 0, validated = 0
    for group in rows {
      total += group.count
      let free = max(0, group.count - 1)
      func count(_ fraction: Double, taken: Int, free: Int) -> Int {
        min(Int((Double(total) * fraction).rounded()) - taken, Int((Double(group.count) * fraction).rounded(.up)), free)
      }
      let testCount = count(testFraction, taken: tested, free: free)
      let validationCount = count(validationFraction, taken: validated, free: free - testCount)
      (tested, validated) = (tested + testCount, validated + validationCount)
      for row in group.prefix(testCount) { parts[row] = .test }
      for row in group.dropFirst(testCount).prefix(validationCount) { parts[row] = .validation }
    }
    self.parts = parts
  }

  /// Splits the rows by the words in a column: `train`, `validation` or `test`, in any case.
  ///
  /// - Parameters:
  ///   - words: The word of each row, and its line.
  ///   - groups: The class index of each row, as for the random split; nil for rows without a target.
  ///   - column: The name of the column, for messages.
  ///   - location: The name of the table, for messages.
  /// - Throws: `.badData` with the line of any other word.
  package init(
    words: [(text: String, line: Int)], groups: [Int?], column: String, location: String
  ) throws(MoultError) {
    var parts: [Part?] = []
    for (word, group) in zip(words, groups) {
      guard let part = Part(rawValue: word.text.lowercased()) else {
        throw MoultError(
          .badData,
          "line \(word.line): \(column): expected train, validation or test, got '\(word.text)'; write one of them, or "
            + "split by fractions", location: location)
      }
      parts.append(group == nil ? nil : part)
    }
    self.parts = parts
  }
}
