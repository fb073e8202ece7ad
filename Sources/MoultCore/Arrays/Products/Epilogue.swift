import CMoultKernels

/// The steps of a pending product: each is done to a tile of the product before it is written.
struct Epilogue: Sendable {
  /// One step.
  struct Step: Sendable {
    enum Operation: Sendable {
      /// Adds a number to each column.
      case bias(NDArray)
      /// Adds an array of the result's shape that is computed already.
      case add(NDArray)
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
      case .add, .dropout, .activationGradient, .reluGradient: return false
      }
    }
  }

  var hasDropout: Bool {
    steps.contains { if case .dropout = $0.operation { true } else { false } }
  }

  /// Calls `body` with the steps as kernels take them, for the rows from `firstRow` on of a result whose rows have `width`
  /// columns. Inputs that steps store are computed on the way.
  func withKernelForm(
    firstRow: Int, width: Int, bias: (NDArray) -> NDArray, _ body: (UnsafePointer<mk_epilogue>) -> Void
  ) {
    withStoredInputs(steps[...], []) { stored in
      var masks: [mk_row_mask] = []
      for case .dropout(let mask, _) in steps.map(\.operation) { masks.append(mask.kernelForm(firstRow: firstRow)) }
      var kept: [NDArray] = []
      let offset = firstRow * width
      masks.withUnsafeBufferPointer { masks in
        let steps = zip(steps, stored).map { step, stored in
          var raw = mk_step(kind: 0, scale: 1, operand: nil, stored: stored.map { $0 + offset }, mask: nil)
          func operand(_ array: NDArray, at offset: Int) {
            let array = array.contiguous()
            kept.append(array)
            raw.operand = UnsafePointer(array.pointer(as: Float.self) + offset)
          }
          switch step.operation {
          case .bias(let array):
            raw.kind = Int32(MK_STEP_BIAS)
            operand(bias(array), at: 0)
          case .add(let array):
            raw.kind = Int32(MK_STEP_ADD)
            operand(array, at: offset)
          case .scale(let scale): (raw.kind, raw.scale) = (Int32(MK_STEP_SCALE), scale)
          case .dropout(_, let scale):
            (raw.kind, raw.scale, raw.mask) = (Int32(MK_STEP_DROPOUT), scale, masks.baseAddress)
          case .activation(let activation): raw.kind = activation.step
          case .activationGradient(let activation, let input):
            raw.kind = activation.gradientStep
            operand(input, at: offset)
          case .reluGradient(let result, let scale):
            (raw.kind, raw.scale) = (Int32(MK_STEP_RELU_GRADIENT), scale)
            operand(result, at: offset)
          }
          return raw
        }
        steps.withUnsafeBufferPointer { steps in
          var raw = mk_epilogue(steps: steps.baseAddress, count: steps.count)
          body(&raw)
        }
      }
      withExtendedLifetime(kept) {}
    }
  }

  /// Calls `body` with the memory of each step's input, nil where the step does not store it.
  private func withStoredInputs(
    _ steps: ArraySlice<Step>, _ stored: [UnsafeMutablePointer<Float>?],
    _ body: ([UnsafeMutablePointer<Float>?]) -> Void
  ) {
    guard let step = steps.first else { return body(stored) }
    guard step.storesInput, let input = step.input else {
      return withStoredInputs(steps.dropFirst(), stored + [nil], body)
    }
    input.withPendingElements { withStoredInputs(steps.dropFirst(), stored + [$0], body) }
  }
}
