import MoultCore
import Synchronization

/// A tensor that a layer keeps and that is not trained, such as a running mean: saved and loaded with the weights.
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
/// Reflection finds it in a property, whose path is its name in state dictionaries and files; optimizers never see it.
public final class Buffer: Sendable {
  private struct Fields {
    var value: Tensor
    /// The step of the last update.
    var step: StepIdentity?
  }

  private let fields: Mutex<Fields>
  /// The extents of the value; they never change.
  public let shape: [Int]
  /// The element type of the value; it never changes.
  public let dtype: DType

  /// A buffer that starts at `value`, of any type.
  public init(_ value: Tensor) {
    fields = Mutex(Fields(value: value.contiguous().detached()))
    (shape, dtype) = (value.shape, value.dtype)
  }

  /// The present value, without a history. Writing takes a tensor of the same shape and type.
  ///
  /// A forward pass writes with ``update(_:)``.
  public var value: Tensor {
    get { fields.withLock { $0.value } }
    set {
      let value = checked(newValue)
      fields.withLock { $0 = Fields(value: value, step: nil) }
    }
  }

  /// Changes the value in a forward pass: once a step, however often the layer is called in it.
  ///
  /// The first call in a step of `withStep` counts, which is that of the first micro-batch; calls that replay masks
  /// (`MaskRecord.replaying`, `freezing`) change nothing, since they repeat a forward pass. Outside
  /// `withStep` each call counts.
  ///
  /// - Parameter value: The new value, of the same shape and type; its history is dropped.
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
