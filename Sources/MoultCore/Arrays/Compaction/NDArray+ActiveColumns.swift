extension NDArray {
  /// Dropout of the same columns in blocks of the rows, if this array is a pending product that ends in ReLU: dropped
  /// columns are not computed.
  ///
  /// - Parameter blocks: the active columns of all rows, block by block; empty if compaction does not pay.
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

  /// The gradient by way of ReLU and the dropout of whole columns behind it, if this array is a pending input gradient
  /// and `result` has active columns: the others are not computed.
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
  /// The product's active columns in each block of rows, with one more step.
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
