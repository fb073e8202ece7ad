import Moult

/// Rows of features with their targets.
struct UCITable {
  let features: [[Double]]
  let targets: [Double]

  var count: Int { targets.count }

  /// Creates a table from rows of numbers.
  ///
  /// - Parameters:
  ///   - rows: The rows of the data set.
  ///   - features: The indices of the feature columns.
  ///   - target: The index of the target column.
  init(_ rows: [[Double]], features: [Int], target: Int) {
    self.features = rows.map { row in features.map { row[$0] } }
    targets = rows.map { $0[target] }
  }

  private init(_ features: ArraySlice<[Double]>, _ targets: ArraySlice<Double>) {
    (self.features, self.targets) = (Array(features), Array(targets))
  }

  /// Returns the first fraction `share` of the rows, rounded down, and the other rows.
  func parts(_ share: Double) -> (first: UCITable, rest: UCITable) {
    let count = Int(share * Double(count))
    return (
      UCITable(features.prefix(count), targets.prefix(count)),
      UCITable(features.dropFirst(count), targets.dropFirst(count))
    )
  }
}

/// Standardizes columns to mean 0 and standard deviation 1, with the statistics of the rows that it is created with.
///
///     z = (x - mean) / deviation,   deviation = √(Σ (x - mean)² / n), or 1 where that is 0
struct UCIScale {
  private let columns: [Column]
  private let target: Column

  private struct Column {
    let mean, deviation: Double

    init(_ values: [Double]) {
      let count = Double(values.count), mean = values.reduce(0, +) / count
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
      self.mean = mean
      self.deviation = deviation > 0 ? deviation : 1
    }

    func scaled(_ value: Double) -> Float { Float((value - mean) / deviation) }
  }

  init(_ table: UCITable) throws(MoultError) {
    let width = table.features.first?.count ?? 0
    columns = (0..<width).map { column in Column(table.features.map { $0[column] }) }
    target = Column(table.targets)
    if let column = (columns + [target]).first(where: { !(1e-100...1e100).contains($0.deviation) }) {
      throw MoultError(
        .badData,
        "expected features and targets whose deviation is 0 or between 1e-100 and 1e100, got one of \(column.deviation)"
      )
    }
  }

  /// The standard deviation by which targets are divided.
  var targetDeviation: Double { target.deviation }

  /// Returns the standardized features, `[N, D]`.
  func inputs(_ table: UCITable) -> Tensor {
    Tensor(
      table.features.flatMap { zip(columns, $0).map { $0.scaled($1) } }, shape: [table.count, columns.count])
  }

  /// Returns the standardized targets, `[N, 1]`.
  func targets(_ table: UCITable) -> Tensor { Tensor(table.targets.map(target.scaled), shape: [table.count, 1]) }
}
