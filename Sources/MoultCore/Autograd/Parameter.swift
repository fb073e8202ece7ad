import Synchronization

/// A number, vector or matrix that training changes: the only mutable thing of the core.
///
/// A parameter holds an immutable tensor behind a lock, so a server may predict while a trainer steps: a value that
/// was read stays as it was. Optimizers and shared layers know a parameter by its identity.
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
    state = Mutex(ParameterState(value.values.contiguous()))
    self.constraint = constraint
    shape = value.shape
    dtype = value.dtype
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The present value. Reading it where gradients are on makes what follows differentiable by this parameter, unless
  /// it is frozen. Writing takes a tensor of the same shape and dtype.
  public var value: Tensor {
    get {
      let (value, isFrozen) = state.withLock { ($0.value(), $0.isFrozen) }
      return Tensor(value, node: !isFrozen && gradientsEnabled ? leaf : nil)
    }
    set {
      require(
        newValue.shape == shape && newValue.dtype == dtype,
        "Parameter: expected a value of shape \(shape) and type \(dtype), got \(newValue.shape) \(newValue.dtype)")
      let value = newValue.values.contiguous()
      state.withLock { $0.set(value) }
    }
  }

  /// The derivatives that `backward()` has added up since ``clearGradient()``; nil when there are none.
  ///
  /// Writing, as a gradient transform does, takes a tensor of the parameter's shape and dtype, without its history.
  public var gradient: Tensor? {
    get { leaf.accumulator?.gradient.map { Tensor($0) } }
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
    leaf.accumulator?.gradient = gradient?.values
  }

  /// Whether training leaves this parameter alone.
  public var isFrozen: Bool {
    get { state.withLock { $0.isFrozen } }
    set { state.withLock { $0.isFrozen = newValue } }
  }

  /// Lets `body` change the elements in row-major order: in place if no other array holds them, else in a copy, so that
  /// a value that was read before stays what it was.
  package func update(_ body: (UnsafeMutableRawPointer, Int) -> Void) {
    state.withLock { state in
      let storage = state.uniqueStorage()
      body(storage.pointer, storage.count)
    }
  }

  /// The weights [out, in] packed for products.
  var packedWeights: PackedWeights { state.withLock { $0.packedWeights() } }

  /// Whether the value is packed for products.
  package var isPacked: Bool { state.withLock { $0.isPacked } }

  /// Lets `body` change the packed weights: in place if no other array holds them.
  func updatePacked(_ body: (PackedWeights) -> Void) {
    state.withLock { state in body(state.uniquePackedWeights()) }
  }

  /// Scales the weights into each output down to norm `limit` where it is larger. The value is packed afterwards.
  package func limitNorms(to limit: Float) { updatePacked { $0.limitNorms(to: limit) } }

  /// Changes the value by its gradient, if it has one, and by an optimizer's buffers of the same shape.
  ///
  /// A gradient that was not read is computed tile by tile here, and never written.
  package func apply(_ rule: UpdateRule, buffers: [Parameter]) {
    if let product = leaf.accumulator?.product {
      withPackedWeights(of: buffers) { product.apply(rule, to: $0, $1, $2) }
    } else if let gradient = leaf.accumulator?.gradient?.contiguous() {
      if isPacked {
        let packed = PackedWeights(packing: gradient).storage
        withPackedWeights(of: buffers) { rule.apply(NDArray(storage: packed, shape: [packed.count]), to: $0, $1, $2) }
      } else {
        withStorages(of: buffers) { rule.apply(gradient, to: $0, $1, $2) }
      }
    }
  }

  /// Calls `body` with the weights and up to two buffers for writing.
  private func withPackedWeights(of buffers: [Parameter], _ body: (Storage, Storage?, Storage?) -> Void) {
    updatePacked { weights in
      guard let first = buffers.first else { return body(weights.storage, nil, nil) }
      first.updatePacked { first in
        guard buffers.count > 1 else { return body(weights.storage, first.storage, nil) }
        buffers[1].updatePacked { body(weights.storage, first.storage, $0.storage) }
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
