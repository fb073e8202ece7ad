extension NDArray {
  /// Returns the dropout of whole columns of this array, with the same columns in all rows of a row block; nil if the
  /// dropout cannot join the computation of this array.
  ///
  /// It can join if this array is a pending product that ends in ReLU. Dropped columns are then not computed.
  ///
  /// - Parameters:
  ///   - scale: The factor of the kept elements, `1 / (1 - rate)`.
  ///   - blocks: Returns the row blocks with their active columns; together they contain all rows. Empty if products
  ///     over active columns are not faster.
  func joiningDroppedColumns(scale: Float, _ blocks: () -> [ActiveBlock]) -> NDArray? {
    guard let pending, rank == 2, pending.endsInReLU else { return nil }
    let blocks = blocks()
    guard !blocks.isEmpty, blocks.allSatisfy({ $0.columns.count > 0 }) else { return nil }
    return pending.join { source in
      guard case .product(let product) = source, product.activeColumns == nil, product.epilogue.endsInReLU,
        product.epilogue.allowsActiveColumns, blocks.allSatisfy({ product.operand.block(of: $0.rows) != nil })
      else { return nil }
      return product.computing(blocks, step: .init(operation: .scale(scale), input: storage))
    }
  }

  /// Returns the gradient through ReLU and the dropout of whole columns after it, for this array, the gradient of
  /// `result`. Dropped columns are not computed.
  ///
  /// Returns nil unless this array is a pending input gradient and `result` has dropped columns.
  ///
  /// - Parameters:
  ///   - result: The output of the dropout.
  ///   - scale: The factor of the kept elements, `1 / (1 - rate)`.
  func joiningActiveColumns(of result: NDArray, scale: Float) -> NDArray? {
    guard let pending, rank == 2, shape == result.shape, result.pending?.kind == .activeColumns else { return nil }
    let y = CompactMatrix(result)
    guard y.isCompact else { return nil }
    return pending.join { source in
      guard case .product(let product) = source, product.activeColumns == nil, product.epilogue.allowsActiveColumns,
        y.blocks.allSatisfy({ product.operand.block(of: $0.rows) != nil })
      else { return nil }
      let blocks = y.blocks.map { block in
        var part = product
        (part.rows, part.activeColumns) = (block.rows, block.active)
        part.epilogue.steps.append(
          .init(operation: .reluGradient(result: block.columns, scale: scale), input: nil))
        return CompactMatrix.RowBlock(rows: block.rows, columns: part.result(), active: block.active)
      }
      return CompactMatrix(blocks: blocks, columnCount: shape[1]).scattered
    }
  }
}

extension PendingProduct {
  /// Returns this product with `step` added to its epilogue, computed for the active columns of each row block only.
  fileprivate func computing(_ blocks: [ActiveBlock], step: Epilogue.Step) -> NDArray {
    let parts = blocks.map { block in
      var part = self
      (part.rows, part.activeColumns) = (block.rows, block.columns)
      part.epilogue.steps.append(step)
      return CompactMatrix.RowBlock(rows: block.rows, columns: part.result(), active: block.columns)
    }
    return CompactMatrix(blocks: parts, columnCount: columnCount).scattered
  }
}
