import MoultCore
import MoultFormats
import MoultNN

/// The encoded rows of a table, some at a time, as the table is read.
package final class EncodedRows {
  /// The most rows of a batch.
  package static let batchSize = 1_000

  /// Some rows.
  package struct Batch {
    /// The index of the first row, from 0.
    package let first: Int
    /// `[N, inputSize]`.
    package let inputs: Tensor
    /// The target of each row: the index of a class, or the number; NaN for an unknown class, nil for a missing target.
    package let targets: [Double?]

    package init(first: Int, inputs: Tensor, targets: [Double?]) {
      (self.first, self.inputs, self.targets) = (first, inputs, targets)
    }
  }

  private let encoder: TableEncoder
  private let reader: CSVReader
  private let readsTargets: Bool

  /// - Parameter readsTargets: Whether targets are read; without, all of them are nil.
  package init(_ encoder: TableEncoder, _ reader: CSVReader, readsTargets: Bool = false) {
    (self.encoder, self.reader, self.readsTargets) = (encoder, reader, readsTargets)
  }

  /// The next rows, at most ``batchSize``; nil after the last.
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
