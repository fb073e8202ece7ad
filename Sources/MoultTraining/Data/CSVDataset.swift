import MoultCore
import MoultFormats

/// The rows of a table of numbers that are read while training: the file may be larger than memory.
///
/// ```swift
/// let houses = try CSVDataset("houses.csv", targets: ["price"])
/// let digits = try CSVDataset("digits.csv", classes: "digit")
/// ```
///
/// The file is read once when it is opened, to find where its rows begin; then in blocks of neighboring rows, and
/// shuffled as ``Shuffling/blocks(of:buffered:)`` says. A background thread reads eight batches ahead. Columns of text,
/// and rows with missing values, need a table in memory (`TrainingTable`).
///
/// - Shapes: inputs `[B, D]`, `float32`; labels `[B, K]`, `float32`, of K targets, or `[B]`, `int32`, of classes.
/// - Memory: `bufferedBlocks` blocks, those of a batch, and the batches that are read ahead.
public struct CSVDataset: Dataset {
  private enum Target {
    case values([Int])
    case classes(Int)
  }

  /// The names of the columns that are inputs, in their order.
  public let inputNames: [String]
  private let table: CSVBlocks
  private let inputs: [Int]
  private let target: Target
  private let cache: BlockCache
  private let bufferedBlocks: Int

  /// Opens a table for a regression.
  ///
  /// - Parameters:
  ///   - path: The path of the file, with names in the first line; not compressed.
  ///   - inputs: The names of the input columns; nil for all columns that are not targets.
  ///   - targets: The names of the columns to predict, at least one.
  ///   - delimiter: The delimiter; nil to detect it.
  ///   - blockSize: The number of rows of a block, at least 1; nil for blocks of about 256 KiB of numbers.
  ///   - bufferedBlocks: The number of blocks whose rows are shuffled among themselves, at least 1.
  /// - Throws: An error of code `.badData`, with the line, if the file is not a table; of code `.usage` for a name that
  ///   it does not have; of code `.noInput` if it cannot be read.
  /// - Complexity: Reads the file once.
  public init(
    _ path: String, inputs: [String]? = nil, targets: [String], delimiter: CSVDelimiter? = nil, blockSize: Int? = nil,
    bufferedBlocks: Int = 16
  ) throws(MoultError) {
    require(!targets.isEmpty, "CSVDataset: expected the name of a target or more, got none")
    try self.init(path, inputs, targets, delimiter, blockSize, bufferedBlocks) { .values($0) }
  }

  /// Opens a table for a classification.
  ///
  /// - Parameters:
  ///   - path: The path of the file, with names in the first line; not compressed.
  ///   - inputs: The names of the input columns; nil for all columns but the one of classes.
  ///   - classes: The name of the column of class numbers, whole numbers from 0 on.
  ///   - delimiter: The delimiter; nil to detect it.
  ///   - blockSize: The number of rows of a block, at least 1; nil for blocks of about 256 KiB of numbers.
  ///   - bufferedBlocks: The number of blocks whose rows are shuffled among themselves, at least 1.
  /// - Throws: As ``init(_:inputs:targets:delimiter:blockSize:bufferedBlocks:)``.
  public init(
    _ path: String, inputs: [String]? = nil, classes: String, delimiter: CSVDelimiter? = nil, blockSize: Int? = nil,
    bufferedBlocks: Int = 16
  ) throws(MoultError) {
    try self.init(path, inputs, [classes], delimiter, blockSize, bufferedBlocks) { .classes($0[0]) }
  }

  private init(
    _ path: String, _ inputNames: [String]?, _ targetNames: [String], _ delimiter: CSVDelimiter?, _ blockSize: Int?,
    _ bufferedBlocks: Int, _ target: ([Int]) -> Target
  ) throws(MoultError) {
    require(
      (blockSize ?? 1) > 0 && bufferedBlocks > 0,
      "CSVDataset: expected a block size and a number of blocks from 1 on, got \(blockSize ?? 1) and \(bufferedBlocks)")
    let table = try CSVBlocks(path, delimiter: delimiter) { columnCount in
      blockSize ?? BlockCache.blockSize(sampleByteCount: columnCount * MemoryLayout<Float>.size)
    }
    func column(_ name: String) throws(MoultError) -> Int {
      if let index = table.names.firstIndex(of: name) { return index }
      throw MoultError(
        .usage,
        "expected the name of a column, got \"\(name)\"; the columns are \(table.names.joined(separator: ", "))",
        location: path)
    }
    self.inputNames = inputNames ?? table.names.filter { !targetNames.contains($0) }
    inputs = try self.inputNames.map(column)
    self.target = target(try targetNames.map(column))
    (self.table, self.bufferedBlocks) = (table, bufferedBlocks)
    cache = BlockCache(count: table.rowCount, blockSize: table.blockSize, capacity: bufferedBlocks)
  }

  /// The number of rows.
  public var count: Int { table.rowCount }

  /// Blocks, as they are read from the file.
  public var shuffling: Shuffling { .blocks(of: cache.blockSize, buffered: bufferedBlocks) }

  /// Eight batches, which the training goes on with while the next blocks are read.
  public var prefetchedBatches: Int { 8 }

  /// Returns the rows at `indices`. An index outside `0..<count` stops the program.
  ///
  /// - Throws: An error of code `.badData` if the file was changed, or with the line and column for a field that is not
  ///   a number, or not a class number; of code `.noInput` if reading fails.
  public func batch(at indices: [Int]) throws(MoultError) -> Batch {
    try cache.batch(
      at: indices, willLoad: { table.willRead(block: $0.lowerBound / table.blockSize) },
      load: { range throws(MoultError) in try rows(range) })
  }

  private func rows(_ range: Range<Int>) throws(MoultError) -> TensorDataset {
    let reader = try table.reader(ofBlock: range.lowerBound / table.blockSize)
    var numbers: [Float] = [], values: [Float] = [], classes: [Int32] = []
    numbers.reserveCapacity(range.count * inputs.count)
    for _ in range {
      guard try reader.next() else { break }
      for column in inputs { numbers.append(try number(at: column, reader)) }
      switch target {
      case .values(let columns): for column in columns { values.append(try number(at: column, reader)) }
      case .classes(let column): classes.append(try classNumber(at: column, reader))
      }
    }
    let labels =
      switch target {
      case .values(let columns): Tensor(values, shape: [range.count, columns.count])
      case .classes: Tensor(classes, shape: [range.count])
      }
    return TensorDataset(inputs: Tensor(numbers, shape: [range.count, inputs.count]), labels: labels)
  }

  private func number(at column: Int, _ reader: CSVReader) throws(MoultError) -> Float {
    if let number = reader.number(at: column).map({ Float($0) }), number.isFinite { return number }
    throw problem(at: column, reader, "a number within the range of 32 bits")
  }

  private func classNumber(at column: Int, _ reader: CSVReader) throws(MoultError) -> Int32 {
    if let number = reader.number(at: column), let value = Int64(exactly: number),
      (0...SampleArrays.greatestClass).contains(value)
    {
      return Int32(value)
    }
    throw problem(at: column, reader, "a class as a whole number from 0 to \(SampleArrays.greatestClass)")
  }

  private func problem(at column: Int, _ reader: CSVReader, _ expected: String) -> MoultError {
    MoultError(
      .badData,
      "line \(reader.line), column \"\(table.names[column])\": expected \(expected), "
        + "got \"\(reader.text(at: column))\"",
      location: table.location)
  }
}
