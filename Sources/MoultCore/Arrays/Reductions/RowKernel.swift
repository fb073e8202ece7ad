import CMoultKernels

/// A function of whole rows, such as softmax: its C kernels for Float32 and Float64. Their arguments are the number of
/// rows, the length of a row, the contiguous input and the result.
package struct RowKernel: Sendable {
  let f32: @Sendable @convention(c) (Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void
  let f64: @Sendable @convention(c) (Int, Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void

  package static let softmax = RowKernel(f32: mk_softmax_f32, f64: mk_softmax_f64)
  package static let logSoftmax = RowKernel(f32: mk_log_softmax_f32, f64: mk_log_softmax_f64)
}

extension NDArray {
  /// Applies `kernel` to each row along `axis`.
  package func mappedRows(_ kernel: RowKernel, axis: Int) -> NDArray {
    guard axis == rank - 1 else {
      return transposed(axis, rank - 1).mappedRows(kernel, axis: rank - 1).transposed(axis, rank - 1).contiguous()
    }
    let source = contiguous(), n = shape[axis], rows = n > 0 ? count / n : 0
    let result = Storage(count: count, dtype: dtype)
    func run<S: TensorScalar>(_ kernel: (Int, Int, UnsafePointer<S>?, UnsafeMutablePointer<S>?) -> Void) {
      let from = source.pointer(as: S.self), to = result.pointer(as: S.self)
      parallelFor(rows, grain: Swift.max(1, 4096 / Swift.max(n, 1))) { range in
        kernel(range.count, n, from + range.lowerBound * n, to + range.lowerBound * n)
      }
    }
    if dtype == .float32 { run(kernel.f32) } else { run(kernel.f64) }
    withExtendedLifetime(source) {}
    return NDArray(storage: result, shape: shape)
  }
}
