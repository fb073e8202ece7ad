import CMoultKernels
import MoultCore
import MoultTestSupport
import Testing

/// The portable, AVX2 and AVX-512 versions of each Float32 kernel give the same bits at every length and misalignment,
/// and write nothing but their results.
@Suite(.serialized) struct KernelAgreementTests {
  typealias Unary = @convention(c) (Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void
  typealias Binary =
    @convention(c) (
      Int, UnsafePointer<Float>?, Int, UnsafePointer<Float>?, Int, UnsafeMutablePointer<Float>?
    ) -> Void

  @Test func unaryKernels() {
    let kernels: [(String, Unary)] = [
      ("negate", mk_negate_f32), ("exp", mk_exp_f32), ("log", mk_log_f32), ("sqrt", mk_sqrt_f32), ("abs", mk_abs_f32),
      ("sign", mk_sign_f32), ("relu", mk_relu_f32), ("sigmoid", mk_sigmoid_f32), ("tanh", mk_tanh_f32),
      ("gelu", mk_gelu_f32), ("gelu'", mk_gelu_derivative_f32),
      ("gelu_tanh", mk_gelu_tanh_f32), ("gelu_tanh'", mk_gelu_tanh_derivative_f32),
      ("mish", mk_mish_f32), ("mish'", mk_mish_derivative_f32),
      ("silu", mk_silu_f32), ("silu'", mk_silu_derivative_f32),
      ("sin", mk_sin_f32), ("cos", mk_cos_f32),
      ("selu", mk_selu_f32), ("selu'", mk_selu_derivative_f32),
    ]
    for (name, kernel) in kernels {
      for values in [trickyNumbers, plainNumbers] {
        let found = disagreements(outputs: [1], values: values) { arena, n, offset in
          kernel(n, arena.buffer(0, offset), arena.buffer(1, offset))
        }
        expectEqual(found, [], "\(name)")
      }
    }
  }

  @Test(arguments: [(1, 1), (0, 1), (1, 0), (0, 0)])
  func binaryKernels(stepA: Int, stepB: Int) {
    let kernels: [(String, Binary)] = [
      ("add", mk_add_f32), ("subtract", mk_subtract_f32), ("multiply", mk_multiply_f32), ("divide", mk_divide_f32),
      ("minimum", mk_minimum_f32), ("maximum", mk_maximum_f32), ("pow", mk_pow_f32),
    ]
    for (name, kernel) in kernels {
      let found = disagreements(outputs: [2], values: trickyNumbers) { arena, n, offset in
        kernel(n, arena.buffer(0, offset), stepA, arena.buffer(1, offset), stepB, arena.buffer(2, offset))
      }
      expectEqual(found, [], "\(name)")
    }
  }

  @Test func sumsOfRowsAndColumns() {
    let rows = disagreements(outputs: [1], count: { _ in 2 }, values: plainNumbers) { arena, n, offset in
      mk_sum_rows_f32(2, n, arena.buffer(0, offset), n + 3, arena.buffer(1, offset))
    }
    let columns = disagreements(outputs: [1], values: plainNumbers) { arena, n, offset in
      mk_sum_columns_f32(2, n, arena.buffer(0, offset), n + 3, arena.buffer(1, offset))
    }
    expectTrue(rows == [] && columns == [])
  }

  @Test func softmaxes() {
    let kernels: [(String, @convention(c) (Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?) -> Void)] = [
      ("softmax", mk_softmax_f32), ("logSoftmax", mk_log_softmax_f32),
    ]
    for (name, kernel) in kernels {
      let found = disagreements(outputs: [1], count: { 2 * $0 }, values: plainNumbers) { arena, n, offset in
        kernel(2, n, arena.buffer(0, offset), arena.buffer(1, offset))
      }
      expectEqual(found, [], "\(name)")
    }
    for smoothing in [0 as Float, 0.1] {
      let labels: [Int32] = [0, 0]
      let losses = disagreements(lengths: 1...257, outputs: [1, 2], count: { 2 * $0 }, values: plainNumbers) {
        arena, n, offset in
        mk_cross_entropy_f32(
          2, n, arena.buffer(0, offset), labels, smoothing, arena.buffer(1, offset), arena.buffer(2, offset))
      }
      expectEqual(losses, [])
    }
  }

  @Test(arguments: [false, true])
  func stochasticGradientDescent(nesterov: Bool) {
    var update = mk_update()
    (update.kind, update.rate, update.momentum, update.decay) = (Int32(MK_SGD), 0.1, 0.9, 0.01)
    update.nesterov = nesterov
    let found = disagreements(outputs: [0, 2], values: plainNumbers) { arena, n, offset in
      mk_update_f32(&update, n, arena.buffer(1, offset), arena.buffer(0, offset), arena.buffer(2, offset), nil)
    }
    let plain = disagreements(outputs: [0], values: plainNumbers) { arena, n, offset in
      mk_update_f32(&update, n, arena.buffer(1, offset), arena.buffer(0, offset), nil, nil)
    }
    expectTrue(found == [] && plain == [])
  }

  @Test func adam() {
    var update = mk_update()
    (update.kind, update.rate, update.decay, update.shrink) = (Int32(MK_ADAM), 0.01, 0.01, 0.999)
    (update.beta1, update.beta2, update.epsilon, update.root) = (0.9, 0.999, 1e-8, 0.0447)
    let found = disagreements(outputs: [0, 2, 3], values: { abs(plainNumbers($0)) }) { arena, n, offset in
      mk_update_f32(
        &update, n, arena.buffer(1, offset), arena.buffer(0, offset), arena.buffer(2, offset), arena.buffer(3, offset))
    }
    expectEqual(found, [])
  }

  @Test(
    arguments: [0x8000_0000_0000_0000, 0x4000_0000_0000_0000, 0x1999_9999_9999_9A00, 0xFFFF_FFFF_FFFF_F800, 1]
      as [UInt64])
  func dropout(threshold: UInt64) {
    var mask = mk_mask(k0: 12, k1: 34, step: 5, sample: 0xFFFF_FFFE, stride: 1, part: 3, threshold: threshold)
    for isStreamed in [false, true] {
      let found = disagreements(outputs: [1], count: { 2 * $0 }, values: trickyNumbers) { arena, n, offset in
        mk_dropout_f32(&mask, 2, n, arena.buffer(0, offset), 1.5, arena.buffer(1, offset), isStreamed)
      }
      expectEqual(found, [], "streamed: \(isStreamed)")
    }
  }

  @Test func reluAndDropoutBackward() {
    let found = disagreements(outputs: [2], values: trickyNumbers) { arena, n, offset in
      mk_relu_dropout_backward_f32(n, arena.buffer(0, offset), arena.buffer(1, offset), 1.5, arena.buffer(2, offset))
    }
    expectEqual(found, [])
  }

  @Test(arguments: [1, 2, 3, 15, 16, 17, 33], [1, 7, 127, 128, 129, 300, 2049])
  func dropoutOfManyRows(rows: Int, units: Int) {
    let x = samples([rows, units]), narrow = x.cast(to: .float32)
    let results = ProcessSettings.underEveryInstructionSet {
      [0.5, 0.1, 0.9].flatMap { rate in
        [x, narrow].map { x in withSeed(9) { MoultCore.dropout(x, rate: rate, mode: .training, stream: 1) } }
      }
    }
    for (name, tensors) in results {
      for (a, b) in zip(tensors, results[0].result) { expectTrue(sameBits(a, b), "\(name)") }
      for pair in stride(from: 0, to: tensors.count, by: 2) {
        expectEqual(tensors[pair] .== 0, tensors[pair + 1] .== 0, "both types drop the same units")
      }
    }
  }

  @Test(arguments: [(4096, 3), (4097, 2), (9000, 1), (300, 65), (513, 130), (1, 1), (0, 5)])
  func longSums(long: Int, short: Int) {
    let x = samples([short, long], dtype: .float32), y = samples([long, short], dtype: .float32)
    let results = ProcessSettings.underEveryInstructionSet { [x.sum(axis: 1), y.sum(axis: 0), x.sum(), y.sum()] }
    for (name, sums) in results {
      for (a, b) in zip(sums, results[0].result) { expectTrue(sameBits(a, b), "\(name)") }
    }
    let exact = x.cast(to: .float64).sum(axis: 1).cast(to: .float32)
    expectEqual(mismatches(results[0].result[0], exact, absolute: 1e-3, relative: 1e-5), [])
  }

  /// Every tile edge, block edge and pair of layouts.
  @Test(arguments: [0, 1, 2, 17, 255, 256, 257, 600])
  func products(k: Int) {
    let shapes =
      [(1, 1), (2, 17), (3, 31), (5, 33), (7, 48), (9, 15), (13, 64), (25, 70), (8, 32), (6, 16)]
      + (k == 257 ? [(250, 40)] : [])
    for (m, n) in shapes {
      let a = samples([m, max(k, 1)], dtype: .float32, seed: 1), b = samples([max(k, 1), n], dtype: .float32, seed: 2)
      let results = ProcessSettings.underEveryInstructionSet {
        combinations(Layout.allCases, Layout.allCases).map { first, second in
          multiplied(first.of(a), second.of(b), k: k)
        }
      }
      for (name, products) in results {
        for (i, product) in products.enumerated() {
          expectEqual(product, results[0].result[0], "\(name), \(m) x \(n) x \(k), case \(i)")
        }
      }
    }
  }

  private func multiplied(_ a: Tensor, _ b: Tensor, k: Int) -> [UInt32] {
    let m = a.shape[0], n = b.shape[1]
    let scratch = Storage(count: mk_matmul_f32_scratch(m, n, k), dtype: .float32)
    scratch.pointer(as: Float.self).update(repeating: .nan, count: scratch.count)
    var result = [Float](repeating: .nan, count: m * n)
    mk_matmul_f32(
      m, n, k, a.values.pointer(as: Float.self), a.strides[0], a.strides[1], b.values.pointer(as: Float.self),
      b.strides[0],
      b.strides[1], &result, n, scratch.pointer(as: Float.self))
    return withExtendedLifetime((a, b, scratch)) { result.map(\.bitPattern) }
  }
}
