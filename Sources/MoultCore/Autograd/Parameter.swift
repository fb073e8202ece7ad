import CMoultKernels
import Synchronization

/// A number, vector or matrix that training changes: the only mutable thing of the core.
///
/// A parameter holds an immutable tensor behind a lock, so a server may predict while a trainer steps: whoever read the
/// value keeps it. Its identity is what optimizers and shared layers go by.
public final class Parameter: Sendable {
  private let state: Mutex<ParameterState>
  package let leaf = Node(leaf: "parameter")
  /// What an optimizer enforces after each step, such as a bound on a norm.
  public let constraint: (any ParameterConstraint)?
  /// The extents of the value; they never change.
  public let shape: [Int]
  /// The element type of the value; it never changes.
  public let dtype: DType

  /// A parameter that starts at `value`.
  public init(_ value: Tensor, constraint: (any ParameterConstraint)? = nil) {
    value.requireFloatingPoint("Parameter")
    state = Mutex(ParameterState(value.contiguous().detached()))
    self.constraint = constraint
    shape = value.shape
    dtype = value.dtype
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The present value. Reading it where gradients are on makes what follows differentiable by this parameter, unless it
  /// is frozen. Writing takes a tensor of the same shape and dtype.
  public var value: Tensor {
    get {
      var (value, isFrozen) = state.withLock { ($0.value(), $0.isFrozen) }
      if !isFrozen && gradientsEnabled { value.node = leaf }
      return value
    }
    set {
      require(
        newValue.shape == shape && newValue.dtype == dtype,
        "Parameter: expected a value of shape \(shape) and type \(dtype), got \(newValue.shape) \(newValue.dtype)")
      let value = newValue.contiguous().detached()
      state.withLock { $0.set(value) }
    }
  }

  /// The derivatives that `backward()` has added up since ``clearGradient()``; nil when there are none.
  ///
  /// Writing, as a gradient transform does, takes a tensor of the parameter's shape and dtype, without its history.
  public var gradient: Tensor? {
    get { leaf.accumulator?.gradient }
    set { setGradient(newValue) }
  }

  /// Whether there is a gradient, computed or not.
  package var hasGradient: Bool { leaf.accumulator?.isEmpty == false }

  /// Forgets the gradient.
  public func clearGradient() { leaf.accumulator?.gradient = nil }

  private func setGradient(_ gradient: Tensor?) {
    if let gradient {
      require(
        gradient.shape == shape && gradient.dtype == dtype,
        "Parameter: expected a gradient of shape \(shape) and type \(dtype), got \(gradient.shape) \(gradient.dtype)")
    }
    leaf.accumulator?.gradient = gradient?.detached()
  }

  /// Whether training leaves this parameter alone.
  public var isFrozen: Bool {
    get { state.withLock { $0.isFrozen } }
    set { state.withLock { $0.isFrozen = newValue } }
  }

  /// Lets `body` change the elements in row-major order: in place if nobody else holds them, else in a copy, so that a
  /// value that was read before stays what it was.
  package func update(_ body: (UnsafeMutableRawPointer, Int) -> Void) {
    state.withLock { state in
      let storage = state.uniqueStorage()
      body(storage.pointer, storage.count)
    }
  }

  /// The weights [out, in] in panels, for products.
  var panels: Panels { state.withLock { $0.inPanels() } }

  /// Whether products have brought the value into panels.
  package var isInPanels: Bool { state.withLock { $0.hasPanels } }

  /// Lets `body` change the panels, in place if nobody else holds them.
  func updatePanels(_ body: (Panels) -> Void) {
    state.withLock { state in body(state.uniquePanels()) }
  }

  /// Scales the weights into each output down to norm `limit` where it is larger, in panels.
  package func limitNorms(to limit: Float) { updatePanels { $0.limitNorms(to: limit) } }

  /// Changes the value by its gradient, if it has one, and by an optimizer's buffers of the same shape.
  ///
  /// A gradient that was not read is computed tile by tile here, and never written.
  package func apply(_ rule: UpdateRule, buffers: [Parameter]) { apply(mk_update(rule), buffers: buffers) }

  package func apply(_ update: mk_update, buffers: [Parameter]) {
    if let product = leaf.accumulator?.product {
      withPanels(of: buffers) { product.apply(update, to: $0, $1, $2) }
    } else if let gradient {
      if isInPanels {
        let packed = Panels(packing: gradient.contiguous())
        withPanels(of: buffers) { Self.apply(update, gradient: packed.storage, at: 0, to: $0, $1, $2) }
      } else {
        let gradient = gradient.contiguous()
        withStorages(of: buffers) {
          Self.apply(update, gradient: gradient.storage, at: gradient.offset, to: $0, $1, $2)
        }
      }
    }
  }

  private static func apply(
    _ update: mk_update, gradient: Storage, at offset: Int, to weights: Storage, _ first: Storage?, _ second: Storage?
  ) {
    var update = update
    func run<S: TensorScalar>(
      _ type: S.Type,
      _ kernel: (
        Int, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>?, UnsafeMutablePointer<S>?
      )
        -> Void
    ) {
      let (w, s, t) = (
        weights.pointer(as: S.self), first?.pointer(as: S.self), second?.pointer(as: S.self)
      )
      let g = gradient.pointer(as: S.self) + offset
      parallelFor(weights.count, elements: 1) { range in
        let i = range.lowerBound
        kernel(range.count, g + i, w + i, s.map { $0 + i }, t.map { $0 + i })
      }
    }
    if weights.dtype == .float32 {
      run(Float.self) { mk_update_f32(&update, $0, $1, $2, $3, $4) }
    } else {
      run(Double.self) { mk_update_f64(&update, $0, $1, $2, $3, $4) }
    }
  }

  /// Calls `body` with the weights and up to two buffers for writing.
  private func withPanels(of buffers: [Parameter], _ body: (Storage, Storage?, Storage?) -> Void) {
    updatePanels { weights in
      guard let first = buffers.first else { return body(weights.storage, nil, nil) }
      first.updatePanels { first in
        guard buffers.count > 1 else { return body(weights.storage, first.storage, nil) }
        buffers[1].updatePanels { body(weights.storage, first.storage, $0.storage) }
      }
    }
  }

  private func withStorages(of buffers: [Parameter], _ body: (Storage, Storage?, Storage?) -> Void) {
    state.withLock { weights in
      let weights = weights.uniqueStorage()
      guard let first = buffers.first else { return body(weights, nil, nil) }
      first.state.withLock { first in
        let first = first.uniqueStorage()
        guard buffers.count > 1 else { return body(weights, first, nil) }
        buffers[1].state.withLock { body(weights, first, $0.uniqueStorage()) }
      }
    }
  }
}

/// A bound that an optimizer puts a parameter back into after each step.
public protocol ParameterConstraint: Sendable {
  /// Changes `parameter` so that the bound holds.
  func apply(to parameter: Parameter)
}
