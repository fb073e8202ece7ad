extension Tensor {
  /// Returns the lower triangle of each matrix; the elements above it are 0.
  ///
  ///     y[i, j] = j <= i + diagonal ? x[i, j] : 0
  ///
  /// - Parameter diagonal: the last diagonal that is kept: 0 for the main one, 1 for the one above it.
  /// - Shapes: `[..., m, n]` -> the same shape; any dtype.
  /// - Complexity: O(*n*).
  public func tril(diagonal: Int = 0) -> Tensor { triangle("tril") { i, j in j - i <= diagonal } }

  /// Returns the upper triangle of each matrix; the elements below it are 0.
  ///
  ///     y[i, j] = j >= i + diagonal ? x[i, j] : 0
  ///
  /// - Parameter diagonal: the first diagonal that is kept: 0 for the main one, 1 for the one above it.
  /// - Shapes: `[..., m, n]` -> the same shape; any dtype.
  /// - Complexity: O(*n*).
  public func triu(diagonal: Int = 0) -> Tensor { triangle("triu") { i, j in j - i >= diagonal } }

  private func triangle(_ caller: StaticString, keeping isKept: (_ row: Int, _ column: Int) -> Bool) -> Tensor {
    require(rank >= 2, "\(caller): expected a tensor of rank 2 or more, got \(shape)")
    let rows = shape[rank - 2], columns = shape[rank - 1]
    let flags = (0..<rows).flatMap { i in (0..<columns).map { j in isKept(i, j) } }
    return select(Tensor(flags, shape: [rows, columns]), self, .zeros([], dtype: dtype))
  }
}
