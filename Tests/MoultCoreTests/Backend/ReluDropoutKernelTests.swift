import CMoultKernels
import MoultCore
import MoultTestSupport
import Testing

/// The kernels that do two or three passes in one give the bits of the passes one after another.
@Suite struct ReluDropoutKernelTests {
  /// Numbers with NaN, infinities and zeros of both signs among them, so that some are kept and some dropped.
  private func values(_ count: Int) -> [Float] {
    let special: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    return (0..<count).map { $0 % 3 == 0 ? special[$0 / 3 % special.count] : Float($0 * 37 % 101) - 50 }
  }

  private func relu(_ x: [Float], bias: [Float]?) -> [Float] {
    let sums = bias.map { bias in x.indices.map { x[$0] + bias[$0 % bias.count] } } ?? x
    var y = x
    mk_relu_f32(x.count, sums, &y)
    return y
  }

  @Test(arguments: [(1, 1), (3, 7), (128, 50), (5, 128), (33, 130), (40, 256), (2, 4097), (0, 5), (5, 0)], [0.5, 0.1])
  func onePassGivesTheBitsOfReluThenDropout(shape: (rows: Int, units: Int), rate: Double) {
    let (rows, units) = shape, scale = Float(1 / (1 - rate))
    var mask = mk_mask(
      k0: 3, k1: 4, step: 5, sample: 6, stride: 2, part: 0, threshold: DropMask.threshold(rate))
    let x = values(rows * units), dy = values(rows * units + 1).dropFirst().map { -$0 }
    for bias in [nil, Array(values(units + 1).dropFirst())] {
      let h = relu(x, bias: bias)
      var wanted = x, y = x
      mk_dropout_f32(&mask, rows, units, h, scale, &wanted, false)
      y.withUnsafeMutableBufferPointer {
        mk_relu_dropout_f32(&mask, rows, units, $0.baseAddress, bias, scale, $0.baseAddress)
      }
      #expect(y.map(\.bitPattern) == wanted.map(\.bitPattern), "bias: \(bias != nil)")

      var slopes = dy, expected = dy, dx = dy
      mk_dropout_f32(&mask, rows, units, dy, scale, &slopes, false)
      mk_relu_backward_f32(slopes.count, slopes, 1, h, 1, &expected)
      dx.withUnsafeMutableBufferPointer {
        mk_relu_dropout_backward_f32($0.count, $0.baseAddress, y, scale, $0.baseAddress)
      }
      #expect(dx.map(\.bitPattern) == expected.map(\.bitPattern), "backward, bias: \(bias != nil)")
    }
  }
}
