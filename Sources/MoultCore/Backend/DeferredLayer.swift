import CMoultKernels
import Synchronization

/// What a linear layer will hold once somebody looks: the product, and what is done to it on its way out.
///
/// So `dropout(relu(layer(x)))` computes nothing until it is read, and then bias, rectifier and mask while each tile of the
/// product is in the cache. The results are the same bits as those of one operation after the other. Whoever does keep
/// and read a result in between gets it, and what follows starts from there.
final class DeferredLayer: Sendable {
  /// The layer's product: everything that decides its numbers, so that it does not matter when they are computed.
  final class Product: Sendable {
    /// `[N, in]`, contiguous Float32.
    let input: Tensor
    let inputDensity: Double
    let panels: Panels
    let bias: Tensor?
    /// What a ``StageRecorder`` knows the layer by.
    let layer: UInt64

    init(input: Tensor, inputDensity: Double, panels: Panels, bias: Tensor?, layer: UInt64) {
      self.input = input
      self.inputDensity = inputDensity
      self.panels = panels
      self.bias = bias
      self.layer = layer
    }

    /// The product itself, `x weightsᵀ + bias`, `[N, out]`.
    var result: Tensor { DeferredLayer.tensor(of: Work(product: self)) }
  }

  /// Dropout of the rectified product, one row a sample.
  struct Drop {
    let mask: DropMask
    let scale: Float
  }

  private struct Work {
    var product: Product
    var rectifies = false
    var drop: Drop?
    /// The result without the last of these.
    var previous: Storage?

    /// The last operation alone, if what it works on is there or half there; else everything in one pass.
    func compute(into result: UnsafeMutablePointer<Float>) {
      if let previous, previous.deferred?.hasBegun == true {
        let x = Tensor(
          storage: previous, shape: [previous.count / product.panels.outputSize, product.panels.outputSize])
        if let drop {
          x.dropElements(drop.mask, drop.scale, into: result)
        } else {
          x.rectify(into: result)
        }
      } else {
        let timer = StageTimer(.forward, layer: product.layer)
        product.panels.forward(
          product.input, density: product.inputDensity, bias: product.bias, rectifies: rectifies, drop: drop,
          into: result)
        timer?.stop(inputDensity: product.inputDensity)
      }
    }
  }

  private let work: Mutex<Work?>
  private let isFilled = Atomic<Bool>(false)

  private let units: Int

  private init(_ work: Work) {
    units = work.product.panels.outputSize
    self.work = Mutex(work)
  }

  private static func tensor(of work: Work) -> Tensor {
    let layer = DeferredLayer(work), rows = work.product.input.shape[0]
    return Tensor(storage: Storage(count: rows * layer.units, deferred: layer), shape: [rows, layer.units])
  }

  /// The rectifier of `x`, if `x` is a layer's product that nobody has looked at.
  static func rectified(_ x: Tensor) -> Tensor? {
    follow(x) { work in
      guard !work.rectifies else { return false }
      work.rectifies = true
      return true
    }
  }

  /// Dropout of `x`, if `x` is a layer's rectified product that nobody has looked at and each row of it a sample.
  static func dropped(_ x: Tensor, _ drop: Drop) -> Tensor? {
    follow(x) { work in
      guard work.rectifies, work.drop == nil, drop.mask.units == x.shape[1] else { return false }
      work.drop = drop
      return true
    }
  }

  private static func follow(_ x: Tensor, _ change: (inout Work) -> Bool) -> Tensor? {
    guard let deferred = x.storage.deferred, !deferred.isFilled.load(ordering: .acquiring), x.isContiguous,
      x.offset == 0,
      x.rank == 2, x.shape[1] == deferred.units, x.count == x.storage.count,
      var work = deferred.work.withLock({ $0 }), change(&work)
    else { return nil }
    work.previous = x.storage
    return tensor(of: work)
  }

  /// Computes the elements, unless that has been done, into the memory that `allocate` hands to its argument.
  func fill(_ allocate: ((UnsafeMutablePointer<Float>) -> Void) -> Void) {
    guard !isFilled.load(ordering: .acquiring) else { return }
    work.withLock { work in
      guard let job = work else { return }
      allocate { job.compute(into: $0) }
      work = nil
      isFilled.store(true, ordering: .releasing)
    }
  }

  /// Whether a result that this one can start from has been computed.
  fileprivate var hasBegun: Bool {
    isFilled.load(ordering: .acquiring) || work.withLock { $0?.previous?.deferred?.hasBegun ?? ($0 == nil) }
  }
}
