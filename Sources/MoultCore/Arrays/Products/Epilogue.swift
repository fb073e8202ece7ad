import CMoultKernels

/// The epilogue of a pending product: operations that are applied to each tile of the product before the tile is
/// written to memory.
struct Epilogue: Sendable {
  /// One operation of an epilogue.
  struct Step: Sendable {
    enum Operation: Sendable {
      /// Adds the bias of each column, a vector `[columns]`.
      case bias(NDArray)
      /// Multiplies all elements by a number.
      case scale(Float)
      /// Multiplies kept units by a scale and sets dropped units to 0.
      case dropout(RowMask, scale: Float)
      case activation(Activation)
      /// The derivative of an activation, as a function of its input.
      case derivative(Activation)
      /// Adds an array of the result's shape.
      case add(NDArray)
      /// Multiplies by an array of the result's shape.
      case multiply(NDArray)
      /// Multiplies by a scale where `result`, the output of ReLU or of dropout after ReLU, is positive; sets all other
      /// elements to 0.
      case reluGradient(result: NDArray, scale: Float)
    }

    let operation: Operation
    /// The storage of the step's input, which is pending on the same product. Nil if the input has no storage of its
    /// own, as for the bias.
    var input: Storage?
    /// The storage that the derivative of an activation is written to, because a gradient reads it. It is pending on
    /// the same product.
    var derivative: Storage?
  }

  var steps: [Step] = []

  /// Whether one more step can join. Each step keeps its operands until the product is computed.
  var hasRoom: Bool { steps.count < 8 }

  /// Whether the last step is ReLU, so that the gradient is zero where the result is zero.
  var endsInReLU: Bool { if case .activation(.relu) = steps.last?.operation { true } else { false } }

  /// Whether there is an activation whose gradient reads its result, or the result of the dropout after it: ReLU,
  /// sigmoid or tanh.
  var isReadByGradient: Bool {
    steps.contains {
      if case .activation(let activation) = $0.operation { activation.derivative == nil } else { false }
    }
  }

  /// Whether the epilogue can be applied to active columns only: its steps are biases, activations and scales, and none
  /// writes a derivative.
  var allowsActiveColumns: Bool {
    steps.allSatisfy { step in
      guard step.derivative == nil else { return false }
      switch step.operation {
      case .bias, .activation, .scale: return true
      case .dropout, .derivative, .add, .multiply, .reluGradient: return false
      }
    }
  }

  var hasDropout: Bool { steps.contains { $0.rowMask != nil } }

  /// Calls `body` with the steps in the form that the C kernels take. The kernel that `body` calls must also write the
  /// derivatives of the steps.
  ///
  /// - Parameters:
  ///   - firstRow: The row of the result at which the kernel starts.
  ///   - width: The number of computed columns of the result.
  ///   - columns: The positions of the computed columns; nil for all columns.
  func withKernelForm(
    firstRow: Int, width: Int, columns: ActiveColumns?, _ body: (UnsafePointer<mk_epilogue>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: mk_step.self, capacity: steps.count) { raw in
      var mask = mk_row_mask()
      if let dropped = steps.lazy.compactMap(\.rowMask).first { mask = dropped.kernelForm(firstRow: firstRow) }
      withUnsafePointer(to: mask) { mask in
        var copies: [NDArray] = []
        for (place, step) in steps.enumerated() {
          raw[place] = step.kernelForm(offset: firstRow * width, columns: columns, mask: mask, copies: &copies)
        }
        withDerivatives(of: steps[...], raw, offset: firstRow * width) {
          var epilogue = mk_epilogue(steps: raw.baseAddress, count: raw.count)
          body(&epilogue)
        }
        withExtendedLifetime(copies) {}
      }
    }
  }

  /// Calls `body` after memory was allocated for the derivatives that `steps` write.
  ///
  /// The last derivative comes first: it is computed with all steps before it, so its lock is taken before theirs. One
  /// order of locks for all keeps two tasks from waiting for each other.
  private func withDerivatives(
    of steps: ArraySlice<Step>, _ raw: UnsafeMutableBufferPointer<mk_step>, offset: Int, _ body: () -> Void
  ) {
    guard let last = steps.lastIndex(where: { $0.derivative != nil }), let derivative = steps[last].derivative else {
      return body()
    }
    derivative.withPendingElements { memory in
      raw[last].derivative = memory.map { $0 + offset }
      withDerivatives(of: steps[..<last], raw, offset: offset, body)
    }
  }
}

extension Epilogue.Step {
  fileprivate var rowMask: RowMask? { if case .dropout(let mask, _) = operation { mask } else { nil } }

  /// Returns the step in the form that the C kernels take.
  ///
  /// - Parameters:
  ///   - offset: The number of elements before the first row, in operands of the result's shape.
  ///   - columns: The positions of the computed columns; nil for all columns.
  ///   - mask: The mask of a dropout step.
  ///   - copies: Receives copies of operands, which must stay alive until the kernel has run.
  fileprivate func kernelForm(
    offset: Int, columns: ActiveColumns?, mask: UnsafePointer<mk_row_mask>, copies: inout [NDArray]
  ) -> mk_step {
    func pointer(_ array: NDArray) -> UnsafePointer<Float> {
      let contiguous = array.contiguous()
      if !array.isContiguous { copies.append(contiguous) }
      return UnsafePointer(contiguous.pointer(as: Float.self))
    }
    var raw = mk_step(kind: 0, scale: 1, operand: nil, derivative: nil, mask: nil)
    switch operation {
    case .bias(let array):
      raw.kind = Int32(MK_STEP_BIAS)
      if let columns {
        copies.append(columns.gathered(array.contiguous()))
        raw.operand = UnsafePointer(copies[copies.count - 1].pointer(as: Float.self))
      } else {
        raw.operand = pointer(array)
      }
    case .scale(let scale): (raw.kind, raw.scale) = (Int32(MK_STEP_SCALE), scale)
    case .dropout(_, let scale): (raw.kind, raw.scale, raw.mask) = (Int32(MK_STEP_DROPOUT), scale, mask)
    case .activation(let activation): raw.kind = activation.step
    case .derivative(let activation): raw.kind = activation.derivativeStep
    case .add(let array): (raw.kind, raw.operand) = (Int32(MK_STEP_ADD), pointer(array) + offset)
    case .multiply(let array): (raw.kind, raw.operand) = (Int32(MK_STEP_MULTIPLY), pointer(array) + offset)
    case .reluGradient(let result, let scale):
      (raw.kind, raw.scale, raw.operand) = (Int32(MK_STEP_RELU_GRADIENT), scale, pointer(result) + offset)
    }
    return raw
  }
}
