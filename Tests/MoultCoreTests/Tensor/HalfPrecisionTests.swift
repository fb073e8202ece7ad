import MoultCore
import MoultTestSupport
import Testing

@Suite struct HalfPrecisionTests {
  private struct Known: Decodable {
    let values: [Double], float16: [UInt16], bfloat16: [UInt16]
  }

  private static let types: [DType] = [.float16, .bfloat16]

  private func bits(_ x: Tensor) -> [UInt16] {
    x.withContiguousBytes { Array($0.bindMemory(to: UInt16.self)) }
  }

  @Test func roundingAgreesWithNumPyAndPyTorch() throws {
    let known = try ReferenceFiles.decode(Known.self, from: "half_precision.json")
    let wide = Tensor(known.values, shape: [known.values.count]), narrow = wide.cast(to: .float32)
    for x in [wide, narrow] {
      expectEqual(bits(x.cast(to: .float16)), known.float16)
      expectEqual(bits(x.cast(to: .bfloat16)), known.bfloat16)
    }
  }

  /// A number in the middle of two neighbors goes to the one with an even last bit, and a number beside the middle to
  /// the nearer one.
  @Test(arguments: types)
  func everyNumberComesBackAndMiddlesAreEven(dtype: DType) {
    let infinity: UInt16 = dtype == .float16 ? 0x7C00 : 0x7F80
    let all = Tensor(dtype: dtype, shape: [Int(infinity)]) { bytes in
      for i in 0..<Int(infinity) { bytes.storeBytes(of: UInt16(i), toByteOffset: 2 * i, as: UInt16.self) }
    }
    let numbers = all.scalars(as: Double.self)
    expectTrue(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, "the bits are in the order of the numbers")
    expectEqual(bits(all.cast(to: .float32).cast(to: dtype)), Array(0..<infinity))
    expectEqual(bits((-all.cast(to: .float64)).cast(to: dtype)), (0..<infinity).map { $0 | 0x8000 })
    let middles = zip(numbers, numbers.dropFirst()).map { ($0 + $1) / 2 }
    func rounded(_ numbers: [Double]) -> [UInt16] { bits(Tensor(numbers, shape: [numbers.count]).cast(to: dtype)) }
    expectEqual(rounded(middles), middles.indices.map { UInt16($0 + $0 % 2) })
    expectEqual(rounded(middles.map(\.nextUp)), middles.indices.map { UInt16($0 + 1) })
    expectEqual(rounded(middles.map(\.nextDown)), middles.indices.map { UInt16($0) })
  }

  @Test(arguments: types)
  func specialNumbersAndIntegers(dtype: DType) {
    let x = Tensor([.infinity, -.infinity, .nan, -0.0, 3e38, 1e-40] as [Double], shape: [6]).cast(to: dtype)
    let y = x.scalars(as: Float.self)
    expectTrue(y[0] == .infinity && y[1] == -.infinity && y[2].isNaN && y[3].sign == .minus && y[3] == 0)
    expectTrue(dtype == .float16 ? y[4] == .infinity && y[5] == 0 : y[4].isFinite && y[5] > 0)
    expectEqual(x.cast(to: .int32).scalars(as: Int32.self).prefix(4), [.max, .min, 0, 0])
    expectEqual(Tensor([true, false], shape: [2]).cast(to: dtype).scalars(as: Float.self), [1, 0])
    // Just above the middle of two bfloat16: rounded to Double first, it would go to the even one below.
    let large = (1 << 62) + (1 << 54) + 1
    let wanted = dtype == .float16 ? Double.infinity : 0x1p62 + 0x1p55
    expectEqual(Tensor([Int64(large), -Int64(large)], shape: [2]).cast(to: dtype).scalars(), [wanted, -wanted])
  }

  @Test(arguments: types)
  func numbersAreMovedInEveryLayout(dtype: DType) {
    let x = samples([3, 4, 5], dtype: .float32).cast(to: dtype), wide = x.cast(to: .float32)
    expectEqual(x.withContiguousBytes { $0.count }, 120)
    expectTrue(!dtype.supportsGradients && dtype.isFloatingPoint && !dtype.isInteger)
    let moves: [(String, (Tensor) -> Tensor)] = [
      ("slice", { $0[1..., 2, 1..<4] }), ("permuted", { $0.permuted([2, 0, 1]).contiguous() }),
      ("reshaped", { $0.reshaped([-1]) }), ("concatenate", { concatenate([$0, $0.flipped(axes: [1])], axis: 1) }),
      ("gather", { gather($0, Tensor.zeros([3, 1, 5], dtype: .int32), axis: 1) }),
      ("indexSelect", { $0.indexSelect([2, 2, 0], axis: 2) }), ("padded", { $0.padded([(1, 2)]) }),
      ("tiled", { $0.tiled([2, 1, 1]) }),
      ("maskedSelect", { $0.maskedSelect(Tensor([true, false, true, true, false], shape: [5])) }),
    ]
    for layout in Layout.allCases {
      for (name, move) in moves {
        expectEqual(move(layout.of(x)).cast(to: .float32), move(layout.of(wide)), "\(name), \(layout)")
      }
    }
    expectEqual(x, x)
    expectTrue("\(Tensor([1.5, -2]).cast(to: dtype))" == "Tensor([ 1.5, -2. ], \(dtype))")
  }

  @Test func gradientsEndAtACast() {
    let x = Tensor([1, 2]).requiringGradient()
    expectTrue(!x.cast(to: .float16).requiresGradient && !x.cast(to: .bfloat16).cast(to: .float32).requiresGradient)
  }

  /// Whatever computes stops the program and says to cast.
  @Test func computingStopsTheProgram() async {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2], dtype: .bfloat16) * 2
    }
    expectTrue(
      text(sum).contains(
        "multiply: bfloat16 only stores numbers, got bfloat16 [2]; convert it with cast(to: .float32)"), text(sum))
    let order = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2], dtype: .float16).sorted()
    }
    expectTrue(text(order).contains("argsort: float16 only stores numbers"), text(order))
  }
}
