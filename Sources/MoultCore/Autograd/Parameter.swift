import Synchronization

/// A tensor that training changes, such as the weights of a layer.
///
/// A parameter holds an immutable tensor behind a lock. So a server can predict while a trainer updates the parameter:
/// a value that was read does not change. Optimizers and layers that share a parameter identify it by reference.
public final class Parameter: Sendable {
  private let state: Mutex<ParameterState>
  package let leaf = Node(leaf: "parameter")
  /// The constraint that an optimizer enforces after each step, such as a bound on a norm; nil for none.
  public let constraint: (any ParameterConstraint)?
  /// The shape of the value; it never changes.
  public let shape: [Int]
  /// The dtype of the value; it never changes.
  public let dtype: DType

  /// Makes a parameter with the initial value `value`, whose dtype must be floating-point.
  public init(_ value: Tensor, constraint: (any ParameterConstraint)? = nil) {
    value.requireFloatingPoint("Parameter")
    state = Mutex(ParameterState(value.values.contiguous()))
    self.constraint = constraint
    shape = value.shape
    dtype = value.dtype
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The current value. If gradients are on and the parameter is not frozen, results computed from it have gradients
  /// with respect to this parameter. A new value must have the same shape and dtype.
  ///
  /// - Complexity: O(1). The first reading after an optimizer's step is O(*n*) if the value is packed for products.
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

  /// The gradient that `backward()` has added up since ``clearGradient()``, in the shape of the value; nil if there is
  /// none.
  ///
  /// It can be set, for instance by a gradient transform, to a tensor of the parameter's shape and dtype. The tensor's
  /// history is not kept.
  public var gradient: Tensor? {
    get { leaf.accumulator?.gradient.map { Tensor($0) } }
    set { setGradient(newValue) }
  }

  /// Whether there is a gradient, even if it is not computed yet.
  package var hasGradient: Bool { leaf.accumulator?.isEmpty == false }

  /// Removes the gradient: ``gradient`` becomes nil.
  public func clearGradient() { leaf.accumulator?.gradient = nil }

  private func setGradient(_ gradient: Tensor?) {
    if let gradient {
      require(
        gradient.shape == shape && gradient.dtype == dtype,
        "Parameter: expected a gradient of shape \(shape) and type \(dtype), got \(gradient.shape) \(gradient.dtype)")
    }
    leaf.accumulator?.gradient = gradient?.values
  }

  /// Whether the parameter is frozen: it gets no gradients, and optimizers do not change it.
  public var isFrozen: Bool {
    get { state.withLock { $0.isFrozen } }
    set { state.withLock { $0.isFrozen = newValue } }
  }

  /// Calls `body` with the elements in row-major order and their number, to change them. They are changed in place if
  /// no other array shares them, else in a copy, so that a value that was read before does not change.
  package func update(_ body: (UnsafeMutableRawPointer, Int) -> Void) {
    state.withLock { state in
      let storage = state.uniqueStorage()
      body(storage.pointer, storage.count)
    }
  }

  /// The weights `[out, in]`, packed for products.
  var packedWeights: PackedWeights { state.withLock { $0.packedWeights() } }

  /// Whether the value is stored in the packed form for products.
  package var isPacked: Bool { state.withLock { $0.isPacked } }

  /// Calls `body` with the packed weights, to change them: in place if no other array shares them, else in a copy.
  func updatePacked(_ body: (PackedWeights) -> Void) {
    state.withLock { state in body(state.uniquePackedWeights()) }
  }

  /// Limits the norm of the weights of each output: if it exceeds `limit`, these weights are scaled down to that norm.
  /// The value is packed afterwards.
  package func limitNorms(to limit: Float) { updatePacked { $0.limitNorms(to: limit) } }

  /// Updates the value with its gradient, if it has one, by the rule of an optimizer.
  ///
  /// A gradient that was not read is computed here tile by tile, and never written to memory.
  ///
  /// - Parameter buffers: The optimizer's buffers for this parameter, of the same shape, 2 at most. They are updated
  ///   too.
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

  /// Calls `body` with the packed weights and up to two packed buffers, to change them.
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

/// A constraint on a parameter's value, such as a bound on a norm, that an optimizer enforces after each step.
public protocol ParameterConstraint: Sendable {
  /// Changes the value of `parameter` so that the constraint holds.
  func apply(to parameter: Parameter)
}
