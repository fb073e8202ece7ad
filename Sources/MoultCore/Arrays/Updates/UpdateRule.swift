import CMoultKernels

/// The update of one parameter in an optimizer's step: a formula for each weight `w` and its gradient `g`.
package enum UpdateRule: Sendable {
  /// Stochastic gradient descent. The buffer `v` exists if the momentum is above 0; otherwise `v = g`.
  ///
  ///     g = g + weightDecay · w
  ///     v = momentum · v + g
  ///     w = w - learningRate · (nesterov ? g + momentum · v : v)
  case sgd(learningRate: Double, momentum: Double, nesterov: Bool, weightDecay: Double)

  /// Adam, with the buffers `m` and `v`.
  ///
  ///     g = g + weightDecay · w
  ///     m = beta1 · m + (1 - beta1) · g,   v = beta2 · v + (1 - beta2) · g²
  ///     w = shrink · w - rate · m / (√v / root + epsilon)
  ///
  /// `rate` is the learning rate divided by `1 - beta1ᵗ`, and `root` is `√(1 - beta2ᵗ)`, for step `t` counted from 1.
  /// `shrink` is 1 for Adam, and 1 minus the product of learning rate and weight decay for AdamW.
  case adam(
    rate: Double, beta1: Double, beta2: Double, epsilon: Double, root: Double, weightDecay: Double, shrink: Double)
}

extension mk_update {
  /// Makes the update in the form that the C kernels take.
  init(_ rule: UpdateRule) {
    self.init()
    switch rule {
    case .sgd(let learningRate, let momentum, let nesterov, let weightDecay):
      kind = Int32(MK_SGD)
      rate = learningRate
      self.momentum = momentum
      self.nesterov = nesterov
      decay = weightDecay
    case .adam(let rate, let beta1, let beta2, let epsilon, let root, let weightDecay, let shrink):
      kind = Int32(MK_ADAM)
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.root = root
      decay = weightDecay
      self.shrink = shrink
    }
  }
}

extension UpdateRule {
  /// Updates weights and an optimizer's buffers in place, from a contiguous gradient with as many elements.
  ///
  /// - Parameters:
  ///   - first: The optimizer's first buffer; nil if the rule has none.
  ///   - second: The optimizer's second buffer; nil if the rule has none.
  func apply(_ gradient: NDArray, to weights: Storage, _ first: Storage?, _ second: Storage?) {
    var update = mk_update(self)
    func run<S: TensorScalar>(
      _ type: S.Type,
      _ kernel: (
        Int, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafeMutablePointer<S>?, UnsafeMutablePointer<S>?
      ) -> Void
    ) {
      let g = gradient.pointer(as: S.self), w = weights.pointer(as: S.self)
      let s = first?.pointer(as: S.self), t = second?.pointer(as: S.self)
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
}
