import MoultCore
import MoultTestSupport
import Testing

@Suite struct CastTests {
  @Test func floatsAreCutOffClampedAndNeverTrap() {
    let x = Tensor([-1.9, 1.9, 300, -.infinity, .infinity, .nan])
    expectEqual(x.cast(to: .int32).scalars(as: Int32.self), [-1, 1, 300, .min, .max, 0])
    expectEqual(x.cast(to: .int64).scalars(as: Int64.self), [-1, 1, 300, .min, .max, 0])
    expectEqual(x.cast(to: .uint8).scalars(as: UInt8.self), [0, 1, 255, 0, 255, 0])
    expectEqual(x.cast(to: .bool).scalars(as: Bool.self), [true, true, true, true, true, true])
    expectEqual(Tensor([0, -0.0]).cast(to: .bool).scalars(as: Bool.self), [false, false])
  }

  @Test func integersKeepTheirValueThroughEveryWiderType() {
    let x = Tensor([0, 1, 255] as [UInt8], shape: [3])
    for dtype in [DType.int32, .int64, .float32, .float64] { expectEqual(x.cast(to: dtype).cast(to: .uint8), x) }
    let large = Tensor([Int64.max, .min], shape: [2])
    expectEqual(large.cast(to: .int32).scalars(as: Int32.self), [.max, .min])
  }

  @Test func gradientsFlowBetweenFloatingPointTypes() {
    let x = Tensor([1, 2]).requiringGradient()
    (x.cast(to: .float64) * 3).backward(gradient: Tensor([1.0, 2.0], shape: [2]))
    expectEqual(x.gradient, Tensor([3, 6]))
    expectTrue(!x.cast(to: .int32).requiresGradient && x.cast(to: .float32).requiresGradient)
  }

  @Test func shapesAndLayoutsAreKept() {
    for shape in awkwardShapes {
      let x = samples(shape)
      for layout in Layout.allCases {
        expectEqual(layout.of(x).cast(to: .float32).cast(to: .float64).shape, shape)
        expectEqual(mismatches(layout.of(x).cast(to: .float32).cast(to: .float64), x, relative: 1e-7), [])
      }
    }
  }
}
