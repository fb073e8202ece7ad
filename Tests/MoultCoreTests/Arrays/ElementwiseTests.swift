import MoultCore
import MoultTestSupport
import Testing

@Suite struct ElementwiseTests {
  @Test func expandedViewsRepeatWithAStrideOfZero() {
    let x = Tensor([[1], [2]]).expandedView(to: [3, 2, 4])
    expectTrue(x.strides == [0, 1, 0] && x.shape == [3, 2, 4] && x[2, 1] == .full([4], 2))
  }

  @Test(arguments: [1, 15, 16, 17, 40_000, 70_001])
  func longAndShortTensorsAgreeElementByElement(count: Int) {
    let a = samples([count], dtype: .float32, seed: 1), b = samples([count], dtype: .float32, seed: 2)
    let x = a.scalars(as: Float.self), y = b.scalars(as: Float.self)
    expectEqual((a * b).scalars(as: Float.self), zip(x, y).map { $0 * $1 })
    expectTrue(
      (a - 0.5).scalars(as: Float.self) == x.map { $0 - 0.5 } && (0.5 - a).scalars(as: Float.self) == x.map { 0.5 - $0 }
    )
    expectEqual((-a).scalars(as: Float.self), x.map { -$0 })
  }

  @Test func everyMixOfStridesReadsTheRightElements() {
    let base = samples([6, 5, 4], dtype: .float32)
    let views = [
      base[..<3, ..<4, ..<4].permuted([0, 1, 2]), base[1..<4, 1..., 0...], base.transposed(0, 2)[0..<3, 1..<5, 0..<4],
      base[0, 0, 0].expandedView(to: [3, 4, 4]), base[0..<1, 0..<4, 0..<4], base[0..<3, 0..<1, 0..<1],
    ]
    for a in views {
      for b in views {
        let wide = (a.expandedView(to: [3, 4, 4]).contiguous(), b.expandedView(to: [3, 4, 4]).contiguous())
        expectEqual((a + b).expandedView(to: [3, 4, 4]), wide.0 + wide.1)
      }
    }
  }
}
