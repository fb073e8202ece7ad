extension Tensor {
  /// Makes a tensor of shape `shape` from its elements in row-major order.
  ///
  /// Stops the program if `shape` does not hold exactly `scalars.count` elements.
  public init<S: TensorScalar>(_ scalars: [S], shape: [Int]) {
    let count = Shape.count(shape, "Tensor(_:shape:)")
    require(
      count == scalars.count,
      "Tensor(_:shape:): shape \(shape) holds \(count) elements, got \(scalars.count) scalars")
    self.init(NDArray(scalars, shape: shape))
  }

  /// Makes a Float32 tensor of rank 0, a single number.
  public init(_ scalar: Float) { self.init([scalar], shape: []) }

  /// Makes a Float32 vector of shape `[values.count]`.
  public init(_ values: [Float]) { self.init(values, shape: [values.count]) }

  /// Makes a Float32 matrix `[rows.count, columns]` from its rows. Stops the program if rows differ in length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    for (i, row) in rows.enumerated() {
      require(row.count == columns, "Tensor(_:): row 0 has \(columns) elements, row \(i) has \(row.count)")
    }
    self.init(rows.flatMap { $0 }, shape: [rows.count, columns])
  }

  /// Makes a Float32 tensor `[blocks.count, rows, columns]` from matrices. Stops the program if they differ in shape.
  public init(_ blocks: [[[Float]]]) {
    let matrices = blocks.map { Tensor($0) }
    let shape = matrices.first?.shape ?? [0, 0]
    for (i, matrix) in matrices.enumerated() {
      require(matrix.shape == shape, "Tensor(_:): block 0 is \(shape), block \(i) is \(matrix.shape)")
    }
    self.init(blocks.flatMap { $0.flatMap { $0 } }, shape: [blocks.count] + shape)
  }

  /// Makes a vector of class labels, of dtype Int32. Stops the program if a label does not fit 32 bits.
  public init(labels: [Int]) {
    self.init(
      labels.map { label in
        let narrow = Int32(exactly: label)
        require(narrow != nil, "Tensor(labels:): \(label) does not fit 32 bits")
        return narrow ?? 0
      }, shape: [labels.count])
  }

  /// Returns a tensor of zeros.
  public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor { full(shape, 0, dtype: dtype) }

  /// Returns a tensor of ones.
  public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor { full(shape, 1, dtype: dtype) }

  /// Returns a tensor whose elements are all `value`, converted to `dtype`.
  public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) -> Tensor {
    Tensor(NDArray.full(shape, value, dtype: dtype))
  }

  /// Returns a vector of the numbers 0, 1, … count - 1, converted to `dtype`.
  public static func arange(_ count: Int, dtype: DType = .float32) -> Tensor {
    let storage = Storage(count: Shape.count([count], "Tensor.arange"), dtype: dtype)
    func fill<S: TensorScalar>(_ type: S.Type) {
      let out = storage.pointer(as: S.self)
      for i in 0..<count { out[i] = S(converting: Int64(i)) }
    }
    dtype.withScalarType { fill($0) }
    return Tensor(NDArray(storage: storage, shape: [count]))
  }

  /// Returns the numbers `start`, `start + step`, `start + 2 step`, … before `end`, converted to `dtype`, as
  /// PyTorch's `arange`.
  ///
  /// - Parameters:
  ///   - start: the first number.
  ///   - end: the bound, which is not included.
  ///   - step: the distance, not zero; numbers fall if it is negative.
  /// - Returns: A vector of (end - start) / step numbers, rounded up; empty if `end` is not in the direction of `step`.
  public static func arange(from start: Double, to end: Double, step: Double = 1, dtype: DType = .float32) -> Tensor {
    let count = ((end - start) / step).rounded(.up)
    require(
      count < 0x1p47 && start.isFinite && step.isFinite && step != 0,
      "Tensor.arange: expected finite numbers and a step other than 0, got \(start), \(end) and \(step)")
    return Tensor((0..<Int(Swift.max(count, 0))).map { start + Double($0) * step }, dtype: dtype)
  }

  /// Returns `count` numbers at equal distances from `start` to `end`, both included, converted to `dtype`, as
  /// PyTorch's `linspace`. One number is `start`. Stops the program if `count` is negative.
  public static func linspace(from start: Double, to end: Double, count: Int, dtype: DType = .float32) -> Tensor {
    require(count >= 0, "Tensor.linspace: expected a count of 0 or more, got \(count)")
    let step = (end - start) / Double(Swift.max(count - 1, 1))
    // The second half is computed from the end, so that the last number is `end`.
    let numbers = (0..<count).map { i in
      i < (count + 1) / 2 ? start + Double(i) * step : end - Double(count - 1 - i) * step
    }
    return Tensor(numbers, dtype: dtype)
  }

  private init(_ numbers: [Double], dtype: DType) {
    self.init(NDArray(numbers, shape: [numbers.count]).cast(to: dtype))
  }

  /// Makes a tensor in new memory, whose bytes `body` must fill.
  package init(dtype: DType, shape: [Int], initializingBytes body: (UnsafeMutableRawBufferPointer) throws -> Void)
    rethrows
  {
    self.init(try NDArray(dtype: dtype, shape: shape, initializingBytes: body))
  }
}
