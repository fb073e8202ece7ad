import MoultCore

extension TrainedModel {
  /// Predicts rows, each a dictionary from column name to number, text or missing value.
  ///
  /// ```swift
  /// let model = try TrainedModel(contentsOf: "runs/houses")
  /// let houses: [[String: TableValue]] = [["size": 84, "kind": "flat", "year": .missing]]
  /// for house in try model.predict(rows: houses) {
  ///   if let price = house.number { print(price.mean, price.deviation) }
  /// }
  /// ```
  ///
  /// A row needs an entry for every name in ``columnNames``. A missing value in a column that had none in training is
  /// encoded as the mean, or as none of the categories.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - passes: The number of stochastic forward passes; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  ///   - unknown: Whether columns and categories that the model does not know are errors. A column with a shared row
  ///     for rare categories knows every category.
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: `.badData` with the row, counted from 1, and the column for a missing or unknown column, for a value
  ///   that is not a number where one is needed, or for an unknown category, with the nearest known name; `.usage` for
  ///   a model of images or arrays.
  public func predict(
    rows: [[String: TableValue]], passes: Int = 100, seed: UInt64 = 0, unknown: UnknownValues = .error
  ) throws(MoultError) -> [RowPrediction] {
    try predict(encoded: encoded(rows, unknown), passes, seed)
  }

  /// Predicts rows, each an array with one number, text or missing value for each of ``columnNames``, in their order.
  ///
  /// A model of images or arrays takes rows of ``inputSize`` numbers; pixels are numbers from 0 to 1.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - passes: The number of stochastic forward passes; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  ///   - unknown: Whether categories that the model does not know are errors.
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: `.badData` with the row, counted from 1, and the column for a wrong number of values, for a value that
  ///   is not a number where one is needed, or for an unknown category, with the nearest known one.
  public func predict(
    rows: [[TableValue]], passes: Int = 100, seed: UInt64 = 0, unknown: UnknownValues = .error
  ) throws(MoultError) -> [RowPrediction] {
    try predict(encoded: encoded(rows, unknown), passes, seed)
  }

  private func predict(
    encoded rows: [[Float]], _ passes: Int, _ seed: UInt64
  ) throws(MoultError) -> [RowPrediction] {
    try predict(Tensor(rows.flatMap { $0 }, shape: [rows.count, inputSize]), passes: passes, seed: seed)
  }

  /// Returns the encoded inputs of rows by column name, ``inputSize`` numbers for each.
  func encoded(_ rows: [[String: TableValue]], _ unknown: UnknownValues) throws(MoultError) -> [[Float]] {
    guard let rowEncoder else { throw needsTable }
    return try numbered(rows) { (row, place) throws(MoultError) in
      let values = try rowEncoder.ordered(row, unknown, place: place, location: path)
      return try rowEncoder.inputs(values, unknown, place: place, location: path)
    }
  }

  /// Returns the encoded inputs of rows in the order of the columns, ``inputSize`` numbers for each.
  func encoded(_ rows: [[TableValue]], _ unknown: UnknownValues) throws(MoultError) -> [[Float]] {
    try numbered(rows) { (row, place) throws(MoultError) in
      guard let rowEncoder else { return try numbers(row, place) }
      return try rowEncoder.inputs(row, unknown, place: place, location: path)
    }
  }

  private func numbered<Row>(
    _ rows: [Row], _ body: (_ row: Row, _ place: String) throws(MoultError) -> [Float]
  ) throws(MoultError) -> [[Float]] {
    var encoded: [[Float]] = []
    for (index, row) in rows.enumerated() { encoded.append(try body(row, "row \(index + 1)")) }
    return encoded
  }

  /// Returns the inputs of a model of images or arrays.
  private func numbers(_ row: [TableValue], _ place: String) throws(MoultError) -> [Float] {
    var inputs: [Float] = []
    for (index, value) in row.enumerated() {
      guard let number = value.finiteNumber, number.magnitude <= Double(Float.greatestFiniteMagnitude) else {
        throw MoultError(
          .badData, "\(place): value \(index + 1): expected a finite number, got '\(value.fieldText)'", location: path)
      }
      inputs.append(Float(number))
    }
    guard inputs.count == inputSize else {
      throw MoultError(
        .badData, "\(place): expected \(inputSize) numbers, as the model takes, got \(inputs.count)", location: path)
    }
    return inputs
  }
}
