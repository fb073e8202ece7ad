import MoultCore

/// The part of each row of a table: training, validation or test.
public struct TableSplit: Sendable, Equatable {
  /// The parts of a table.
  public enum Part: String, Sendable, CaseIterable {
    case train, validation, test
  }

  /// The part of each row; nil for rows without a target, which are left out.
  public let parts: [Part?]

  /// Rows of a part.
  public func count(of part: Part) -> Int { parts.count { $0 == part } }
  /// Rows without a target.
  public var leftOutCount: Int { parts.count { $0 == nil } }

  /// Splits by seed.
  ///
  /// Of each class, as nearly as whole rows allow, the same fractions go to each part; at least one row of each class
  /// is learned from.
  ///
  /// - Parameters:
  ///   - groups: the class of each row, 0 for all rows of a regression; nil for rows without a target.
  ///   - validationFraction: of the rows with a target, 0 or more.
  ///   - testFraction: the same; together less than 1.
  ///   - seed: decides which rows.
  package init(groups: [Int?], validationFraction: Double, testFraction: Double, seed: UInt64) {
    var parts: [Part?] = groups.map { $0 == nil ? nil : .train }
    var rows: [[Int]] = Array(repeating: [], count: (groups.compactMap { $0 }.max() ?? -1) + 1)
    for row in shuffledIndices(count: groups.count, seed: seed, epoch: 0) {
      if let group = groups[row] { rows[group].append(row) }
    }
    // Fractions of the running total are rounded, and other classes give the rows that a class could not: the parts
    // have the right sizes for any sizes of the classes. No class gives more than its own fraction, rounded up.
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

  /// Splits as a column says.
  ///
  /// - Throws: `.badData` with the line of a word that is no part's name.
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
