import CMoultKernels

/// A matrix product of a linear layer that is not computed yet, with its epilogue. It holds all values that the result
/// depends on, so the result is the same whenever it is computed.
struct PendingProduct: Sendable {
  /// The product of a linear layer: of the forward pass, or for the gradient of its input.
  enum Direction: Sendable {
    /// The forward pass `x weightsᵀ`: `[N, in]` -> `[N, out]`.
    case forward
    /// The gradient of the input `gradient weights`: `[N, out]` -> `[N, in]`.
    case inputGradient
  }

  let direction: Direction
  let operand: CompactMatrix
  let weights: CompactedWeights
  /// The ID of the node of the layer's weights, by which a ``ProductRecorder`` identifies the layer.
  let layer: UInt64
  /// The computed rows of the result: all rows or, if row blocks have different active columns, the rows of one block.
  var rows: Range<Int>
  var epilogue = Epilogue()
  /// The computed columns of the result; nil for all columns.
  var activeColumns: ActiveColumns?

  init(
    _ direction: Direction, of operand: CompactMatrix, weights: CompactedWeights, bias: NDArray? = nil, layer: UInt64
  ) {
    (self.direction, self.operand, self.weights, self.layer) = (direction, operand, weights, layer)
    rows = 0..<operand.rowCount
    if let bias { epilogue.steps = [.init(operation: .bias(bias))] }
  }

  /// The number of columns of the whole result.
  var columnCount: Int {
    direction == .forward ? weights.all.outputSize : weights.all.inputSize
  }

  /// The number of computed columns.
  private var width: Int { activeColumns?.count ?? columnCount }

  /// Returns this product with one more step in its epilogue.
  ///
  /// - Parameters:
  ///   - input: The storage of the step's input.
  ///   - derivative: The storage that the derivative of an activation is written to.
  fileprivate func adding(
    _ operation: Epilogue.Step.Operation, to input: Storage, derivative: Storage? = nil
  ) -> PendingProduct {
    var product = self
    product.epilogue.steps.append(.init(operation: operation, input: input, derivative: derivative))
    return product
  }

  /// Returns the result as an array whose elements are pending.
  ///
  /// - Parameter shape: The shape of the array, whose last axis holds the computed columns; nil for `[rows, columns]`.
  func result(shape: [Int]? = nil) -> NDArray {
    let shape = shape ?? [rows.count, width]
    return NDArray(
      storage: Storage(
        count: rows.count * width, pending: PendingElements(.product(self), rowLength: width)), shape: shape)
  }

  /// Whether the input of the last step is computed, or can be computed from an earlier result that is.
  var inputIsComputed: Bool { epilogue.steps.last?.input?.pending?.hasBegun ?? false }

  /// Writes the result to `result`: computes the last step alone if its input is computed, else the product with all
  /// steps.
  func compute(into result: UnsafeMutablePointer<Float>) {
    if inputIsComputed, let step = epilogue.steps.last, let input = step.input {
      let columns = columnCount
      let whole = NDArray(storage: input, shape: [input.count / columns, columns])
      step.operation.apply(to: whole.rows(rows), columns: activeColumns, into: result)
    } else {
      for block in blocks { multiply(block, into: result + block.rows.lowerBound * width) }
    }
  }

  /// The row blocks of the operand. Their rows are counted from the first row of the result.
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
  /// Writes this operation on `x`, a contiguous Float32 matrix, to `result`. If `columns` is not nil, only these
  /// columns are computed.
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
    case .derivative(let activation): x.map(activation.requiredDerivative.f32, into: result)
    case .add(let array): (x + array.reshaped(x.shape)).copyElements(to: result)
    case .multiply(let array): (x * array.reshaped(x.shape)).copyElements(to: result)
    case .reluGradient(let y, let scale):
      x.backwardThroughReLU(result: y.reshaped(x.shape), scale: scale).copyElements(to: result)
    }
  }
}

extension NDArray {
  /// Returns `operation` on this array as one more step of its pending product; nil if this array is not pending or the
  /// step cannot join.
  func joining(_ operation: Epilogue.Step.Operation) -> NDArray? {
    pending?.join { source in
      guard case .product(let product) = source, product.activeColumns == nil, product.epilogue.hasRoom else {
        return nil
      }
      if case .dropout = operation, product.epilogue.hasDropout { return nil }
      return product.adding(operation, to: storage).result(shape: shape)
    }
  }

  /// Returns an activation of this array as one more step of its pending product, with the derivative, which is pending
  /// too; nil if the step cannot join. The kernel computes both at once.
  func joiningWithDerivative(_ activation: Activation) -> (result: NDArray, derivative: NDArray)? {
    pending?.join { source in
      // Each row block is a product of its own, but the memory for a derivative is allocated once for all rows.
      guard case .product(let product) = source, product.activeColumns == nil, product.operand.blocks.count == 1,
        product.epilogue.hasRoom
      else { return nil }
      let derivative = product.adding(.derivative(activation), to: storage).result(shape: shape)
      let result = product.adding(.activation(activation), to: storage, derivative: derivative.storage)
      return (result.result(shape: shape), derivative)
    }
  }

  /// Returns this array plus `other`, an array of one shape that is computed, as one more step of its pending product;
  /// nil if it cannot join.
  ///
  /// - Parameter withGradient: Whether this array has a gradient. It then stays on its own if the gradient of an
  ///   activation before reads it: otherwise the product would be computed twice.
  func joiningAddition(of other: NDArray, withGradient: Bool) -> NDArray? {
    guard shape == other.shape, other.dtype == .float32, other.storage.pending?.isComputed ?? true else { return nil }
    if withGradient, pending?.isReadByGradient ?? false { return nil }
    return joining(.add(other))
  }
}

extension NDArray {
  /// Returns the elementwise dropout of this array, `[N, ..., D]`, as a step of its pending product; nil if it cannot
  /// join. Kept units are multiplied by `scale`.
  func joiningDropout(_ mask: MaskSpec, scale: Float) -> NDArray? {
    guard rank > 1, mask.units == shape.dropFirst().reduce(1, *) else { return nil }
    return joining(.dropout(RowMask(mask, shape: shape), scale: scale))
  }

  /// Returns the elementwise dropout of this array: as a step of its pending product if it can join, else computed now.
  func droppingOrJoining(_ mask: MaskSpec, scale: Float) -> NDArray {
    joiningDropout(mask, scale: scale) ?? dropping(mask, scale: scale)
  }
}

extension PendingElements {
  /// Whether the elements are those of a product whose epilogue has an activation with a gradient that reads results.
  fileprivate var isReadByGradient: Bool {
    if case .product(let product) = current { product.epilogue.isReadByGradient } else { false }
  }

  /// Whether the elements are those of a product whose epilogue ends in ReLU.
  var endsInReLU: Bool {
    if case .product(let product) = current { product.epilogue.endsInReLU } else { false }
  }
}
