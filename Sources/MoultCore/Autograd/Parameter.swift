import Synchronization

/// A number, vector or matrix that training changes: the only mutable thing of the core.
///
/// A parameter holds an immutable tensor behind a lock, so a server may predict while a trainer steps: whoever read the
/// value keeps it. Its identity is what optimizers and shared layers go by.
public final class Parameter: Sendable {
  private struct State {
    var value: Tensor
    var isFrozen = false
  }

  private let state: Mutex<State>
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
    state = Mutex(State(value: value.contiguous().detached()))
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
      var (value, isFrozen) = state.withLock { ($0.value, $0.isFrozen) }
      if !isFrozen && gradientsEnabled { value.node = leaf }
      return value
    }
    set {
      require(
        newValue.shape == shape && newValue.dtype == dtype,
        "Parameter: expected a value of shape \(shape) and type \(dtype), got \(newValue.shape) \(newValue.dtype)")
      let value = newValue.contiguous().detached()
      state.withLock { $0.value = value }
    }
  }

  /// The derivatives that `backward()` has added up since ``clearGradient()``; nil when there are none.
  public var gradient: Tensor? { leaf.accumulator?.gradient }

  /// Forgets the gradient.
  public func clearGradient() { leaf.accumulator?.gradient = nil }

  package func setGradient(_ gradient: Tensor?) {
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

  /// Lets `body` change the elements: in place if nobody else holds them, else in a copy, so that a value that was read
  /// before stays what it was.
  package func update(_ body: (UnsafeMutableRawPointer, Int) -> Void) {
    state.withLock { state in
      if !isKnownUniquelyReferenced(&state.value.storage) {
        let fresh = Storage(count: state.value.count, dtype: dtype)
        state.value.copyElements(to: fresh.pointer)
        state.value = Tensor(storage: fresh, shape: shape)
      }
      let value = state.value
      body(value.storage.pointer + value.offset * dtype.byteCount, value.count)
    }
  }
}

/// A bound that an optimizer puts a parameter back into after each step.
public protocol ParameterConstraint: Sendable {
  /// Changes `parameter` so that the bound holds.
  func apply(to parameter: Parameter)
}
