import MoultCore
import MoultTestSupport
import Testing

@Suite struct ProductRecorderTests {
  /// Three quarters of it are not zero.
  private let x = Tensor([[1, 2], [0, 0], [3, 4], [5, 6]])
  private let first = Parameter(.ones([100, 2])), second = Parameter(.ones([1, 100]))

  private func step() {
    let hidden = linear(x, weight: first, bias: nil)
    // A quarter of the upstream gradient is not zero.
    let upstream = Tensor([[0], [0], [2], [0]] as [[Float]])
    let y = linear(hidden, weight: second, bias: nil)
    expectEqual(y.scalars(as: Float.self).count, 4)
    y.backward(gradient: upstream)
    for parameter in [first, second] { expectTrue(parameter.gradient != nil) }
  }

  @Test func everyProductIsHeardWithItsDensities() {
    let recorder = ProductRecorder()
    recorder.recording { step() }
    let products = recorder.take()
    expectEqual(products.map(\.layer), [0, 1, 1, 0, 1])
    expectEqual(products.map(\.stage), [.forward, .forward, .inputGradient, .weightGradient, .weightGradient])
    expectEqual(products.map(\.inputDensity), [0.75, 0.75, nil, 0.75, 0.75])
    expectEqual(products.map(\.gradientDensity), [nil, nil, 0.25, 0.25, 0.25])
    expectEqual(products.map { $0.skipsGradientZeros != nil }, [false, false, false, true, true])
    expectEqual(products.prefix(3).map(\.density), [0.75, 0.75, 0.25])
    expectEqual(products.prefix(3).map(\.usesSparseRows), [false, false, true])
    for product in products.suffix(2) {
      expectEqual(product.density, product.skipsGradientZeros == true ? 0.25 : 0.75)
    }
    expectTrue(products.allSatisfy { $0.duration >= .zero })
  }

  @Test func aRecorderThatCountsTellsOfEveryElementAndChangesNoPath() {
    // Of 100 lines every sixth is looked at otherwise: those have no zeros here, all others nothing else.
    let values = (0..<100).map { line in [Float](repeating: line % 6 == 0 ? 1 : 0, count: 2) }
    let wide = Tensor(values)
    func products(countsAll: Bool) -> [ProductRecorder.Product] {
      let recorder = ProductRecorder(countsAll: countsAll)
      recorder.recording {
        let y = linear(linear(wide, weight: first, bias: nil), weight: second, bias: nil)
        expectEqual(y.scalars(as: Float.self).count, 100)
        y.backward(gradient: Tensor(values.map { [$0[0]] }))
        for parameter in [first, second] {
          expectTrue(parameter.gradient != nil)
          parameter.clearGradient()
        }
      }
      return recorder.take()
    }
    let sampled = products(countsAll: false), counted = products(countsAll: true)
    expectEqual(sampled.map(\.inputDensity), [1, 1, nil, 1, 1])
    expectEqual(counted.map(\.inputDensity), [0.17, 0.17, nil, 0.17, 0.17])
    expectEqual(sampled.map(\.gradientDensity), [nil, nil, 1, 1, 1])
    expectEqual(counted.map(\.gradientDensity), [nil, nil, 0.17, 0.17, 0.17])
    expectEqual(counted.map(\.usesSparseRows), sampled.map(\.usesSparseRows))
    expectEqual(counted.map(\.skipsGradientZeros), sampled.map(\.skipsGradientZeros))
  }

  @Test func takingLeavesNothingAndLayersKeepTheirNumbers() {
    let recorder = ProductRecorder()
    recorder.recording { step() }
    expectEqual(recorder.take().count, 5)
    expectTrue(recorder.take().isEmpty)
    recorder.recording { expectEqual(linear(.ones([1, 100]), weight: second, bias: nil).item(), 100) }
    expectEqual(recorder.take().map(\.layer), [1])
  }

  @Test func nothingIsHeardOutside() {
    let recorder = ProductRecorder()
    step()
    recorder.recording {}
    step()
    expectTrue(recorder.take().isEmpty)
  }
}
