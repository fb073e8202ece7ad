import MoultCore
import MoultTestSupport
import Testing

@Suite struct SumTests {
  static let reductions: [[Int]?] = [nil, [], [0], [1], [2], [-1], [0, 1], [0, 2], [1, 2], [2, 0], [0, 1, 2]]

  @Test func agreesWithPyTorch() throws {
    try expectEqual(
      OpReference.errors("sum") { x, known in
        x[0].sum(axes: known.axes, keepingDimensions: known.keepingDimensions ?? false)
      }, [])
  }

  @Test(arguments: [[2, 3, 4], [1, 3, 1], [2, 1, 33], [3, 0, 2], [65, 2, 3]])
  func everyReductionInEveryLayout(shape: [Int]) {
    let x = samples(shape)
    for axes in Self.reductions {
      for keeps in [false, true] {
        let wanted = naiveSum(x, axes ?? [0, 1, 2], keeps)
        for layout in Layout.allCases {
          let name = "\(shape) \(axes ?? []) \(layout)"
          let sum = layout.of(x).sum(axes: axes, keepingDimensions: keeps)
          expectEqual(mismatches(sum, wanted, absolute: 1e-13), [], "\(name)")
          let narrow = layout.of(x).cast(to: .float32).sum(axes: axes, keepingDimensions: keeps)
          expectEqual(mismatches(narrow, wanted.cast(to: .float32), absolute: 1e-5), [], "\(name)")
        }
      }
    }
  }

  @Test(arguments: [[2, 3, 4], [3, 0, 2], [1, 1, 5]])
  func gradients(shape: [Int]) {
    for axes in Self.reductions {
      expectEqual(gradientErrors("sum \(axes ?? [])", at: [samples(shape)]) { $0[0].sum(axes: axes) }, [])
    }
    expectEqual(gradientErrors("sum", at: [samples(shape)]) { $0[0].sum(axis: 1, keepingDimensions: true) * $0[0] }, [])
  }

  @Test func scalarsAndEmptySums() {
    expectEqual(Tensor(3).sum().item(), 3)
    expectEqual(Tensor.zeros([0]).sum().item(), 0)
    expectTrue(Tensor.zeros([0, 3]).sum(axis: 0) == .zeros([3]) && Tensor.zeros([0, 3]).sum(axis: 1).shape == [0])
  }

  /// A plain loop in Float is wrong by 1 % for a million times 0.1.
  @Test(arguments: [[1 << 20], [1 << 20, 1], [1, 1 << 20], [1 << 15, 65]])
  func longSumsStayAccurate(shape: [Int]) {
    let ones = Tensor.full(shape, 0.1), rows = Double(shape[0]), exact = Double(Float(0.1))
    expectEqual(mismatches(ones.sum(), .full([], exact * Double(ones.count)), relative: 5e-6), [])
    expectEqual(mismatches(ones.sum(axis: 0), .full(Array(shape.dropFirst()), exact * rows), relative: 5e-6), [])
  }

  @Test func theSumOfSumsIsTheSum() {
    let x = samples([4, 5, 6])
    expectEqual(mismatches(x.sum(axis: 0).sum(axis: 1).sum(), x.sum(), absolute: 1e-12), [])
  }

  @Test func anAxisNamedTwiceStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 2]).sum(axes: [1, -1])
    }
    expectTrue(text(result).contains("sum: an axis is named twice in [1, -1]"))
  }

  @Test func anAxisThatIsNotThereStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 2]).sum(axis: 2)
    }
    expectTrue(text(result).contains("sum: expected an axis in -2..<2, got 2"))
  }

  private func naiveSum(_ x: Tensor, _ axes: [Int], _ keeps: Bool) -> Tensor {
    let removed = Set(axes.map { $0 < 0 ? $0 + x.rank : $0 }), elements = x.scalars(as: Double.self)
    let kept = x.shape.indices.map { removed.contains($0) ? 1 : x.shape[$0] }
    var sums = [Double](repeating: 0, count: kept.reduce(1, *))
    for (index, element) in elements.enumerated() {
      var rest = index
      var place = 0
      var step = 1
      for axis in x.shape.indices.reversed() {
        let position = rest % x.shape[axis]
        rest /= x.shape[axis]
        place += (removed.contains(axis) ? 0 : position) * step
        step *= kept[axis]
      }
      sums[place] += element
    }
    let shape = keeps ? kept : x.shape.indices.filter { !removed.contains($0) }.map { x.shape[$0] }
    return Tensor(sums, shape: shape)
  }
}
