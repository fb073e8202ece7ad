import MoultCore
import MoultFormats
import MoultNN

/// Reads a table and encodes its rows in batches.
package final class EncodedRows {
  /// The largest number of rows in a batch.
  package static let batchSize = 1_000

  /// A batch of encoded rows.
  package struct Batch {
    /// The index of the batch's first row in the table, from 0.
    package let first: Int
    /// The encoded inputs, `[N, inputSize]`.
    package let inputs: Tensor
    /// The target of each row: a class index or a number; NaN for an unknown class, nil for a missing target.
    package let targets: [Double?]

    package init(first: Int, inputs: Tensor, targets: [Double?]) {
      (self.first, self.inputs, self.targets) = (first, inputs, targets)
    }
  }

  private let encoder: TableEncoder
  private let reader: CSVReader
  private let readsTargets: Bool

  /// Creates a reader of batches.
  ///
  /// - Parameters:
  ///   - encoder: The encoder of the table's rows.
  ///   - reader: The reader of the same table, before its first row.
  ///   - readsTargets: Whether targets are read; if not, all of them are nil.
  package init(_ encoder: TableEncoder, _ reader: CSVReader, readsTargets: Bool = false) {
    (self.encoder, self.reader, self.readsTargets) = (encoder, reader, readsTargets)
  }

  /// Returns the next batch of at most ``batchSize`` rows; nil after the last row.
  ///
  /// - Throws: `.badData` with the line number for an invalid row.
  package func next() throws(MoultError) -> Batch? {
    var inputs: [Float] = [], targets: [Double?] = []
    let first = reader.rowCount
    while targets.count < Self.batchSize, try reader.next() {
      try encoder.appendRow(to: &inputs)
      targets.append(readsTargets ? try target() : nil)
    }
    if targets.isEmpty { return nil }
    let shape = [targets.count, encoder.encoding.inputSize]
    return Batch(first: first, inputs: Tensor(inputs, shape: shape), targets: targets)
  }

  private func target() throws(MoultError) -> Double? {
    guard let text = encoder.targetText else { return nil }
    let target = encoder.encoding.target
    if target.task == .classification { return encoder.classIndex(of: text).map(Double.init) ?? .nan }
    guard let number = encoder.targetNumber else {
      throw MoultError(
        .badData, "line \(reader.line): \(target.name): expected a number, got '\(text)'",
        location: reader.location)
    }
    return number
  }
}
