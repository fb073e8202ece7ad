import MoultCore
import MoultTestSupport
import Testing

@Suite struct RepeatedRowsTests {
  private let x = Tensor([[1, -2, 3], [4, 5, -6]])

  @Test func whoLooksSeesEveryCopy() {
    expectEqual(x.repeatedRows(3), concatenate([x, x, x]))
    expectEqual(x[1..<2].repeatedRows(2), Tensor([[4, 5, -6], [4, 5, -6]]))
    expectEqual(x.cast(to: .float64).repeatedRows(2).shape, [4, 3])
  }

  /// Row by row operations work on one copy, and give what they give of all.
  @Test func operationsOnRowsKeepTheCopiesApart() {
    let all = concatenate([x, x, x])
    let operations: [(Tensor) -> Tensor] = [
      { relu($0) }, { exp($0) }, { $0 * 2 }, { $0 - Tensor([1, 2, 3]) }, { 1 / $0 }, { $0.reshaped([-1, 3, 1]) },
      { relu($0).flattened(from: 1) },
    ]
    for (number, operation) in operations.enumerated() {
      withGradients(false) {
        let result = operation(x.repeatedRows(3))
        expectTrue(result.onDistinctRows { $0 } != nil, "operation \(number)")
        expectEqual(result, operation(all), "operation \(number)")
      }
    }
  }

  @Test func gradientsOfRepeatedRowsAreThoseOfAllRows() {
    let weight = Parameter(.randomNormal([4, 3], seed: 1))
    func gradient(_ rows: Tensor) -> Tensor {
      gradients(of: relu(linear(rows, weight: weight, bias: nil)).sum(), withRespectTo: [weight])[0]
    }
    expectEqual(gradient(x.repeatedRows(3)), gradient(concatenate([x, x, x])))
  }

  /// Where gradients are on in passes, each pass takes its own rows, which have a history.
  @Test func gradientsInPassesReachTheInput() {
    let result = withSeed(1) {
      withPasses(0..<3, rows: 2, firstSample: 0, sampleStride: 1, numbers: RepeatedNumbers()) {
        let variable = x.repeatedRows(3).requiringGradient()
        let y = dropout(variable * 2, rate: 0.5, mode: .sampling, stream: 0)
        y.sum().backward()
        return (y.detached(), variable.gradient)
      }
    }
    let gradient = result.value?.1
    expectEqual(gradient?.shape, [6, 3])
    expectEqual(result.value.map { select($0.0 .== 0, .zeros([]), .full([], 4)) }, gradient)
  }

  @Test func othersSeeAllRows() {
    let sum = x.repeatedRows(3).sum(axis: 0)
    expectEqual(sum, Tensor([15, 9, -9]))
    let column = x.repeatedRows(2) + Tensor([[1], [2], [3], [4]])
    expectEqual(column, Tensor([[2, -1, 4], [6, 7, -4], [4, 1, 6], [8, 9, -2]]))
    let turned = x.repeatedRows(2).transposed()
    expectTrue(withGradients(false) { turned.onDistinctRows { $0 } } == nil && turned.shape == [3, 4])
    expectNil(withGradients(false) { x.repeatedRows(3)[1..<4].onDistinctRows { $0 } })
    // Three copies of six numbers as nine rows of two: a row may belong to one copy only.
    expectEqual(x.repeatedRows(3).reshaped([9, 2]), concatenate([x, x, x]).reshaped([9, 2]))
    expectNil(withGradients(false) { x.repeatedRows(3).reshaped([2, 9]).onDistinctRows { $0 } })
  }
}
