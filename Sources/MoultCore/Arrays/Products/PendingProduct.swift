import CMoultKernels

/// A product of a linear layer that is not computed yet, and the steps that joined it: everything that decides the
/// values, so that they do not depend on when they are computed.
struct PendingProduct: Sendable {
  enum Direction: Sendable {
    /// `x weightsᵀ`, `[N, in]` -> `[N, out]`.
    case forward
    /// `gradient weights`, `[N, out]` -> `[N, in]`.
    case inputGradient
  }

  let direction: Direction
  let operand: CompactMatrix
  let weights: CompactedWeights
  /// The number that a ``ProductRecorder`` knows the layer by.
  let layer: UInt64
  /// The rows of the result; not all only where blocks of rows have active columns of their own.
  var rows: Range<Int>
  var epilogue = Epilogue()
  /// The columns of the result that are computed; nil for all.
  var activeColumns: ActiveColumns?

  init(
    _ direction: Direction, of operand: CompactMatrix, weights: CompactedWeights, bias: NDArray? = nil, layer: UInt64
  ) {
    (self.direction, self.operand, self.weights, self.layer) = (direction, operand, weights, layer)
    rows = 0..<operand.rowCount
    if let bias { epilogue.steps = [.init(operation: .bias(bias))] }
  }

  /// The columns of the whole result.
  var columnCount: Int {
    direction == .forward ? weights.all.outputSize : weights.all.inputSize
  }

  /// The columns that are computed.
  private var width: Int { activeColumns?.count ?? columnCount }

  /// The result, pending, under a shape whose last axis are the columns.
  func result(shape: [Int]? = nil) -> NDArray {
    let shape = shape ?? [rows.count, width]
    return NDArray(
      storage: Storage(
        count: rows.count * width, pending: PendingElements(.product(self), rowLength: width)), shape: shape)
  }

  /// Whether the input of the last step is computed, or can be computed from an earlier result.
  var inputIsComputed: Bool { epilogue.steps.last?.input?.pending?.hasBegun ?? false }

  /// Computes the last step alone if its input is computed, else the product with all steps.
  func compute(into result: UnsafeMutablePointer<Float>) {
    if inputIsComputed, let step = epilogue.steps.last, let input = step.input {
      let columns = columnCount
      let whole = NDArray(storage: input, shape: [input.count / columns, columns])
      step.operation.apply(to: whole.rows(rows), columns: activeColumns, into: result)
    } else {
      for block in blocks { multiply(block, into: result + block.rows.lowerBound * width) }
    }
  }

  /// The operand, by rows that have the same active columns; rows are counted from the result's first.
  private var blocks: [CompactMatrix.RowBlock] {
    guard activeColumns != nil else { return operand.blocks }
    return operand.block(of: rows).map {
      [CompactMatrix.RowBlock(rows: 0..<rows.count, columns: $0.columns, active: $0.active)]
    } ?? []
  }

  private func multiply(_ block: CompactMatrix.RowBlock, into result: UnsafeMutablePointer<Float>) {
    let isForward = direction == .forward
    let timer = ProductTimer(isForward ? .forward : .inputGradient, layer: layer)
    let weights =
      isForward
      ? weights.between(block.active, activeColumns) : weights.between(activeColumns, block.active)
    let density = block.columns.density(), width = isForward ? weights.outputSize : weights.inputSize
    let useSparse = SparseRows.isWorthIt(density: density, width: width)
    epilogue.withKernelForm(firstRow: block.rows.lowerBound, width: width, columns: activeColumns) { epilogue in
      if isForward {
        weights.forward(block.columns, useSparse: useSparse, epilogue: epilogue, into: result)
      } else {
        weights.inputGradient(block.columns, useSparse: useSparse, epilogue: epilogue, into: result)
      }
    }
    guard let timer else { return }
    let known = timer.density(of: block.columns, sampled: density) * block.activeFraction
    timer.stop(
      inputDensity: isForward ? known : nil, gradientDensity: isForward ? nil : known, usesSparseRows: useSparse,
      isCompacted: block.active != nil || activeColumns != nil)
  }
}

extension Epilogue.Step.Operation {
  /// The operation alone, for a contiguous Float32 matrix; of some of its columns if they are given.
  fileprivate func apply(to x: NDArray, columns: ActiveColumns?, into result: UnsafeMutablePointer<Float>) {
    switch self {
    case .scale(let scale):
      if let columns {
        columns.gather(x, scale: scale, into: result)
      } else {
        (x * Double(scale)).copyElements(to: result)
      }
    case .dropout(let rows, let scale): rows.drop(x, scale: scale, into: result)
    case .activation(let activation): x.map(activation.kernel.f32, into: result)
    case .bias(let bias): (x + bias).copyElements(to: result)
    case .activationGradient(let activation, let input):
      x.backward(through: activation, at: input.reshaped(x.shape), "backward").copyElements(to: result)
    case .reluGradient(let y, let scale):
      x.backwardThroughReLU(result: y.reshaped(x.shape), scale: scale).copyElements(to: result)
    }
  }
}

extension NDArray {
  /// The result of one more step, if this array is pending and the step can join; nil otherwise.
  func joining(_ operation: Epilogue.Step.Operation, storingInput: Bool = false) -> NDArray? {
    guard let pending else { return nil }
    return pending.join { source in
      guard case .product(var product) = source, product.activeColumns == nil else { return nil }
      if case .dropout = operation, product.epilogue.hasDropout { return nil }
      // Each block of rows is a product of its own, but the memory for a stored input is given once.
      if storingInput, product.operand.blocks.count > 1 { return nil }
      product.epilogue.steps.append(.init(operation: operation, input: storage, storesInput: storingInput))
      return product.result(shape: shape)
    }
  }
}

extension NDArray {
  /// Dropout of each element of `[N, ..., D]`, if this array is pending and dropout can join.
  func joiningDropout(_ mask: MaskSpec, scale: Float) -> NDArray? {
    guard rank > 1, mask.units == shape.dropFirst().reduce(1, *) else { return nil }
    return joining(.dropout(RowMask(mask, shape: shape), scale: scale))
  }

  /// Dropout of each element, joined or on its own.
  func droppingOrJoining(_ mask: MaskSpec, scale: Float) -> NDArray {
    joiningDropout(mask, scale: scale) ?? dropping(mask, scale: scale)
  }
}

extension PendingElements {
  /// Whether the elements are those of a product that ends in ReLU.
  var endsInReLU: Bool {
    if case .product(let product) = current { product.epilogue.endsInReLU } else { false }
  }
}
