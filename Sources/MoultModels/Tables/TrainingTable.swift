import MoultCore
import MoultFormats
import MoultNN
import MoultTraining

/// A table that is encoded and split for training.
///
///     let table = try TrainingTable(path: "houses.csv", options: TableOptions(target: "price"), seed: 1)
///     let trainer = Trainer(model, optimizer: optimizer, loss: { meanSquaredError($0, $1) }, seed: 1)
///     try trainer.fit(table.train, validation: table.validation, epochs: 100, batchSize: 32)
///
/// The file is read three times: to find the columns, to fit the encoding to the training rows, and to encode all rows.
/// The encoded rows are kept in memory, at most 4 GiB; the file is not.
public struct TrainingTable: Sendable {
  /// The fractions of the rows for validation and test, for tables without a split column.
  public struct Shares: Sendable, Equatable {
    /// The fraction of the rows for validation after every epoch, 0 or more.
    public var validation = 0.15
    /// The fraction of the rows for the evaluation of the finished network, 0 or more.
    public var test = 0.15

    /// Creates the default fractions, 0.15 each.
    public init() {}
  }

  /// The columns of the table, and its targets.
  public let schema: TableSchema
  /// The part of each row: training, validation or test.
  public let split: TableSplit
  /// The encoding of rows as inputs.
  public let encoding: TableEncoding
  /// The training samples.
  public let train: TensorDataset
  /// The validation samples, which decide when training stops.
  public let validation: TensorDataset
  /// The test samples.
  public let test: TensorDataset

  /// Reads, splits and encodes a table.
  ///
  /// - Parameters:
  ///   - path: The path of the table, plain or gzip-compressed.
  ///   - options: The target, and other options for reading the table.
  ///   - shares: The fractions for validation and test; not used with a split column.
  ///   - seed: The seed of the random split.
  /// - Throws: `.noInput` if the file cannot be read, `.usage` for options that do not fit the table, `.badData` with
  ///   the line for an invalid value, or if a part has no rows.
  public init(
    path: String, options: TableOptions, shares: Shares = Shares(), seed: UInt64
  ) throws(MoultError) {
    try self.init(options: options, shares: shares, seed: seed) { () throws(MoultError) in
      try CSVReader(path: path, delimiter: options.delimiter)
    }
  }

  /// Reads, splits and encodes a table that `open` opens.
  ///
  /// - Parameters:
  ///   - options: The target, and other options for reading the table.
  ///   - shares: The fractions for validation and test; not used with a split column.
  ///   - seed: The seed of the random split.
  ///   - limit: The largest size of the encoded rows in bytes, and of the array of targets.
  ///   - open: Opens the same table again at each call.
  package init(
    options: TableOptions, shares: Shares, seed: UInt64, limit: Int = NPY.defaultLimit,
    open: () throws(MoultError) -> CSVReader
  ) throws(MoultError) {
    let schema = try TableSchema(open(), options: options, limit: limit)
    let classes = Dictionary(uniqueKeysWithValues: schema.classNames.enumerated().map { ($1, $0) })
    let groups = schema.targets.map { text in text.flatMap { schema.task == .regression ? 0 : classes[$0] } }
    if let column = options.splitColumn {
      split = try TableSplit(words: schema.parts, groups: groups, column: column, location: schema.location)
    } else {
      split = TableSplit(groups: groups, validationFraction: shares.validation, testFraction: shares.test, seed: seed)
    }
    for part in TableSplit.Part.allCases where split.count(of: part) == 0 {
      throw MoultError(
        .badData,
        "expected rows to learn from, to validate and to test with, got none for \(part.rawValue) of "
          + "\(schema.rowCount - split.leftOutCount) rows with a target; "
          + (options.splitColumn == nil
            ? "choose other fractions, or a larger table" : "name some in the split column"),
        location: schema.location)
    }
    encoding = try TableEncoding(open(), schema: schema, split: split)
    let count = schema.rowCount - split.leftOutCount
    let (size, isTooLarge) = count.multipliedReportingOverflow(by: 4 * encoding.inputSize)
    guard !isTooLarge, size <= limit else {
      throw MoultError(
        .badData,
        "expected at most \(limit) bytes of encoded rows, got \(count) rows of \(encoding.inputSize) inputs of 4 bytes; "
          + "leave columns out with --ignore, or take fewer rows", location: schema.location)
    }
    var parts: [TableSplit.Part: Rows] = [:]
    let reader = try open(), encoder = try TableEncoder(encoding, reading: reader)
    let numbers = schema.task == .regression ? schema.targetNumbers : []
    while try reader.next() {
      try schema.requireRow(reader)
      let row = reader.rowCount - 1
      guard let part = split.parts[row] else { continue }
      try encoder.appendRow(to: &parts[part, default: Rows()].inputs)
      let target = encoding.target
      if target.task == .classification {
        parts[part, default: Rows()].classes.append(Int32(groups[row] ?? 0))
      } else {
        parts[part, default: Rows()].numbers.append(
          try standardized(
            numbers[row] ?? target.mean, mean: target.mean, deviation: target.deviation, column: target.name,
            row: "line \(reader.line)", location: reader.location))
      }
    }
    try schema.requireAllRows(reader)
    let width = encoding.inputSize
    (train, validation, test) = (
      Rows.dataset(parts[.train], width: width), Rows.dataset(parts[.validation], width: width),
      Rows.dataset(parts[.test], width: width)
    )
    self.schema = schema
  }
}

extension TrainingTable {
  /// The names of the classes that no training row has.
  package var unlearnedClasses: [String] {
    let names = encoding.target.classNames
    if names.isEmpty { return [] }
    let learned = Set(train.labels.scalars(as: Int32.self))
    return names.indices.filter { !learned.contains(Int32($0)) }.map { names[$0] }
  }
}

/// The encoded rows of one part of the split.
private struct Rows {
  var inputs: [Float] = []
  var classes: [Int32] = []
  var numbers: [Float] = []

  static func dataset(_ rows: Rows?, width: Int) -> TensorDataset {
    let rows = rows ?? Rows(), isClasses = rows.numbers.isEmpty
    let labels =
      isClasses
      ? Tensor(rows.classes, shape: [rows.classes.count]) : Tensor(rows.numbers, shape: [rows.numbers.count, 1])
    return TensorDataset(inputs: Tensor(rows.inputs, shape: [labels.shape[0], width]), labels: labels)
  }
}
