import CMoultKernels

/// The steps of a pending product: each is done to a tile of the product before it is written.
struct Epilogue: Sendable {
  /// One step.
  struct Step: Sendable {
    enum Operation: Sendable {
      /// Adds a number to each column.
      case bias(NDArray)
      case scale(Float)
      /// Multiplies kept units by a scale; the others become 0.
      case dropout(RowMask, scale: Float)
      case activation(Activation)
      /// Multiplies by the derivative of an activation at its input.
      case activationGradient(Activation, input: NDArray)
      /// Multiplies by a scale where the result of ReLU, or of dropout after ReLU, is positive; 0 elsewhere.
      case reluGradient(result: NDArray, scale: Float)
    }

    let operation: Operation
    /// The storage of the step's input, which is pending on the same product; nil for the first step.
    var input: Storage?
    /// Whether the step writes its input to that storage, because a derivative reads it.
    var storesInput = false
  }

  var steps: [Step] = []

  /// Whether the last step is ReLU, so that zeros of the result are zeros of its gradient.
  var endsInReLU: Bool { if case .activation(.relu) = steps.last?.operation { true } else { false } }

  /// Whether each column is computed from the same column of the product alone, by steps that keep no input.
  var allowsActiveColumns: Bool {
    steps.allSatisfy { step in
      guard !step.storesInput else { return false }
      switch step.operation {
      case .bias, .activation, .scale: return true
      case .dropout, .activationGradient, .reluGradient: return false
      }
    }
  }

  var hasDropout: Bool { steps.contains { $0.rowMask != nil } }

  /// Calls `body` with the steps as kernels take them, for the rows from `firstRow` on of a result whose rows have
  /// `width` columns. Inputs that steps store are computed on the way.
  ///
  /// - Parameter columns: the columns of the result that are computed; nil for all.
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
        withStoredInputs(from: 0, raw, offset: firstRow * width) {
          var epilogue = mk_epilogue(steps: raw.baseAddress, count: raw.count)
          body(&epilogue)
        }
        withExtendedLifetime(copies) {}
      }
    }
  }

  /// Calls `body` when each step from `place` on that stores its input has the memory for it.
  private func withStoredInputs(
    from place: Int, _ raw: UnsafeMutableBufferPointer<mk_step>, offset: Int, _ body: () -> Void
  ) {
    guard let next = steps[place...].firstIndex(where: \.storesInput), let input = steps[next].input else {
      return body()
    }
    input.withPendingElements { memory in
      raw[next].stored = memory.map { $0 + offset }
      withStoredInputs(from: next + 1, raw, offset: offset, body)
    }
  }
}

extension Epilogue.Step {
  fileprivate var rowMask: RowMask? { if case .dropout(let mask, _) = operation { mask } else { nil } }

  /// The step as kernels take it.
  ///
  /// - Parameters:
  ///   - offset: the position of the first row in operands of the result's shape.
  ///   - copies: keeps operands that had to be copied.
  fileprivate func kernelForm(
    offset: Int, columns: ActiveColumns?, mask: UnsafePointer<mk_row_mask>, copies: inout [NDArray]
  ) -> mk_step {
    func pointer(_ array: NDArray) -> UnsafePointer<Float> {
      let contiguous = array.contiguous()
      if !array.isContiguous { copies.append(contiguous) }
      return UnsafePointer(contiguous.pointer(as: Float.self))
    }
    var raw = mk_step(kind: 0, scale: 1, operand: nil, stored: nil, mask: nil)
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
    case .activationGradient(let activation, let input):
      (raw.kind, raw.operand) = (activation.gradientStep, pointer(input) + offset)
    case .reluGradient(let result, let scale):
      (raw.kind, raw.scale, raw.operand) = (Int32(MK_STEP_RELU_GRADIENT), scale, pointer(result) + offset)
    }
    return raw
  }
}
