import MoultCore
import Synchronization

/// A tensor that a layer keeps, that is saved and loaded with the weights and that is not trained, such as a running
/// mean.
///
/// ```swift
/// final class Centered: Module {
///   let layerMode = LayerMode()
///   let runningMean = Buffer(.zeros([64]))
///
///   func callAsFunction(_ x: Tensor) -> Tensor {
///     guard layerMode.current == .training else { return x - runningMean.value }
///     let mean = x.mean(axis: 0)
///     runningMean.update(runningMean.value * 0.9 + mean * 0.1)
///     return x - mean
///   }
/// }
/// ```
///
/// Reflection finds a buffer that is stored in a property. The path of the property is its name in state dictionaries
/// and files. Optimizers do not change buffers.
public final class Buffer: Sendable {
  private struct Fields {
    var value: Tensor
    /// The step of the last call of `update(_:)`; nil before the first one, outside steps, and after `value` was set.
    var step: StepIdentity?
  }

  private let fields: Mutex<Fields>
  /// The shape of the value; it never changes.
  public let shape: [Int]
  /// The element type of the value; it never changes.
  public let dtype: DType

  /// Makes a buffer.
  ///
  /// - Parameter value: The initial value, of any shape and element type; its history is dropped.
  public init(_ value: Tensor) {
    fields = Mutex(Fields(value: value.contiguous().detached()))
    (shape, dtype) = (value.shape, value.dtype)
  }

  /// The current value, without a history. A new value must have the same shape and element type.
  ///
  /// A forward pass sets the value with ``update(_:)`` instead, which counts once per step.
  public var value: Tensor {
    get { fields.withLock { $0.value } }
    set {
      let value = checked(newValue)
      fields.withLock { $0 = Fields(value: value, step: nil) }
    }
  }

  /// Sets the value in a forward pass, at most once per step, however often the layer is called in the step.
  ///
  /// In a `withStep` scope only the first call for each step sets the value: with micro-batches, the call of the first
  /// micro-batch. Outside `withStep` every call sets the value. Calls under replayed masks (`MaskRecord.replaying`,
  /// `freezing`) do nothing, since they repeat a forward pass.
  ///
  /// - Parameter value: The new value, of the same shape and element type; its history is dropped.
  public func update(_ value: Tensor) {
    if isReplayingMasks { return }
    let value = checked(value), step = StepIdentity.current
    fields.withLock { fields in
      if let step, step == fields.step { return }
      fields = Fields(value: value, step: step)
    }
  }

  private func checked(_ value: Tensor) -> Tensor {
    require(
      value.shape == shape && value.dtype == dtype,
      "Buffer: expected a value of shape \(shape) and type \(dtype), got \(value.shape) \(value.dtype)")
    return value.contiguous().detached()
  }
}
