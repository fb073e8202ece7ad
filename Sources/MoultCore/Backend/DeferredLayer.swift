import CMoultKernels

/// What a linear layer will hold once somebody looks: the product, and what is done to it on its way out.
///
/// So `dropout(relu(layer(x)))` computes nothing until it is read, and then bias, rectifier and mask while each tile of the
/// product is in the cache. Whoever does keep and read a result in between gets it, and what follows starts from there.
final class DeferredLayer: DeferredElements, @unchecked Sendable {
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
      if let previous, (previous.deferred as? DeferredLayer)?.hasBegun == true {
        let x = Tensor(
          storage: previous, shape: [previous.count / product.panels.outputSize, product.panels.outputSize])
        if let drop {
          x.dropElements(drop.mask, drop.scale, into: result)
        } else {
          x.map(mk_relu_f32, into: result)
        }
      } else {
        let timer = StageTimer(.forward, layer: product.layer)
        let asLists = Rows.areLists(density: product.inputDensity, width: product.panels.outputSize)
        product.panels.forward(
          product.input, asLists: asLists, bias: product.bias, rectifies: rectifies, drop: drop, into: result)
        timer?.stop(inputDensity: product.inputDensity, usesLists: asLists)
      }
    }
  }

  private var work: Work?
  private let units: Int

  private init(_ work: Work) {
    units = work.product.panels.outputSize
    self.work = work
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
    guard let deferred = x.deferred(as: DeferredLayer.self), x.shape[1] == deferred.units else { return nil }
    return deferred.follow {
      guard var work = deferred.work, change(&work) else { return nil }
      work.previous = x.storage
      return tensor(of: work)
    }
  }

  override func compute(into result: UnsafeMutablePointer<Float>) { work?.compute(into: result) }

  override func forget() { work = nil }

  /// Whether a result that this one can start from has been computed.
  fileprivate var hasBegun: Bool {
    whileOpen { (work?.previous?.deferred as? DeferredLayer).map(\.hasBegun) ?? false } ?? true
  }
}
