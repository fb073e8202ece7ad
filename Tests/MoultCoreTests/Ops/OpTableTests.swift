import MoultCore
import MoultTestSupport
import Testing

/// Tests of the operations that have no file of tests of their own; see OpTables.swift.
@Suite struct OpTableTests {
  @Test func resultsAndGradientsAgreeWithPyTorch() throws {
    for row in OpTables.references {
      try expectEqual(OpReference.errors(row.op, row.function), [], row.op)
    }
  }

  @Test func gradientsAgreeWithDifferences() {
    for row in OpTables.gradients {
      for shapes in row.inputs {
        let inputs = shapes.enumerated().map { samples($1, seed: UInt64($0 + 1)) }
        expectEqual(gradientErrors(row.name, at: inputs, row.function), [], row.name)
      }
    }
  }

  /// Results and gradients have the same bits for any number of threads. The inputs are large enough to be split.
  @Test func threadsDoNotChangeABit() {
    let x = samples([65, 70, 31], dtype: .float32), mask = x .> 0.5, images = samples([3, 5, 40, 41], dtype: .float32)
    let places = Tensor((0..<65 * 40 * 31).map { Int64($0 * 7 % 70) }, shape: [65, 40, 31])
    let functions: [(String, Tensor, (Tensor) -> Tensor)] = [
      ("sorted", x, { $0.sorted(axis: 1).values }), ("cumsum", x, { $0.cumsum(axis: 0) }),
      ("cumprod", x, { $0.cumprod(axis: 2) }), ("norm", x, { $0.norm(3, axes: [1]) }), ("sin", x, { sin($0) }),
      ("maximum", x, { maximum($0, $0[0]) }), ("indexSelect", x, { $0.indexSelect([3, 0, 3, 9], axis: 2) }),
      ("scatterAdd", x, { scatterAdd($0, places, $0[0..., ..<40], axis: 1) }), ("masked", x, { $0.maskedSelect(mask) }),
      ("unfold", images, { unfold($0, kernel: [3, 2], padding: [1, 1], stride: [1, 2]) }),
      ("fold", images, { fold(unfold($0, kernel: [3, 3]), size: [40, 41], kernel: [3, 3]) }),
      ("einsum", x, { einsum("abc,abd->bcd", $0, $0) }), ("tiled", x, { $0.tiled([2, 1, 1]) }),
    ]
    for (name, input, function) in functions {
      func run() -> [Tensor?] {
        let variable = input.requiringGradient(), result = function(variable)
        result.backward(gradient: upstreamGradient(result.shape).cast(to: .float32))
        return [result.detached(), variable.gradient]
      }
      let alone = withThreads(1) { run() }, together = withThreads(3) { run() }
      for (a, b) in zip(alone, together) {
        expectTrue(a.flatMap { a in b.map { sameBits(a, $0) } } ?? false, name)
      }
    }
  }

  @Test func specialValues() {
    let nan = Float.nan
    func bits(_ x: Tensor) -> [UInt32] { x.scalars(as: Float.self).map { $0.isNaN ? nan.bitPattern : $0.bitPattern } }
    func expectBits(_ x: Tensor, _ wanted: [Float], _ name: String) { expectEqual(bits(x), bits(Tensor(wanted)), name) }
    let odd = Tensor([nan, -.infinity, .infinity, -0.0, 5])
    expectBits(clamp(odd, min: -1, max: 2), [nan, -1, 2, -0.0, 2], "clamp")
    expectBits(clamp(odd, min: 3, max: 2), [nan, 2, 2, 2, 2], "bounds in the wrong order: the upper one counts")
    expectBits(maximum(odd, Tensor([1, nan, 1, -1, 6])), [nan, nan, .infinity, -0.0, 6], "maximum")
    expectBits(minimum(odd, Tensor([1, nan, 1, -1, 6])), [nan, nan, 1, -1, 5], "minimum")
    expectBits(odd.sorted().values, [-.infinity, -0.0, 5, .infinity, nan], "sorted")
    expectBits(odd.sorted(descending: true).values, [nan, .infinity, 5, -0.0, -.infinity], "descending")
    expectBits(sin(Tensor([0, -0.0, .infinity, nan])), [0, -0.0, nan, nan], "sin")
    expectBits(cos(Tensor([0, -.infinity])), [1, nan], "cos")
    expectBits(Tensor([0, 0, -0.0]).norm(axes: [0]).reshaped([1]), [0], "norm of zeros")
    expectBits(Tensor([nan, 7]).norm(.infinity).reshaped([1]), [nan], "norm with NaN")
    expectBits(Tensor([Float]()).norm(3).reshaped([1]), [0], "norm of nothing")
    expectBits(
      Tensor([1, 2]).maskedFill(Tensor([true, false], shape: [2]), with: -.infinity), [-.infinity, 2], "fill")
    let loud = Tensor([3, nan]).requiringGradient()
    clamp(loud, max: 1).backward(gradient: Tensor([1, 1]))
    expectEqual(loud.gradient, Tensor([0, 0]))
  }

  @Test func integersAndTruthValues() {
    let x = Tensor([3, 1, 2, 1] as [Int32], shape: [4])
    expectEqual(clamp(x, min: 2), Tensor([3, 2, 2, 2] as [Int32], shape: [4]))
    expectEqual(maximum(x, 2), Tensor([3, 2, 2, 2] as [Int32], shape: [4]))
    expectEqual(minimum(x, x.flipped(axes: [0])), Tensor([1, 1, 1, 1] as [Int32], shape: [4]))
    expectEqual(x.sorted().values, Tensor([1, 1, 2, 3] as [Int32], shape: [4]))
    expectEqual(x.padded([(1, 0)], mode: .constant(9)), Tensor([9, 3, 1, 2, 1] as [Int32], shape: [5]))
    expectEqual(x.rolled(by: 1, axis: 0), Tensor([1, 3, 1, 2] as [Int32], shape: [4]))
    expectEqual(x.maskedSelect(x .> 1), Tensor([3, 2] as [Int32], shape: [2]))
    expectEqual(scatter(x, Tensor(labels: [3, 0]), x[..<2], axis: 0), Tensor([1, 1, 2, 3] as [Int32], shape: [4]))
    expectEqual(Tensor.ones([2, 2], dtype: .bool).tril(), Tensor([true, false, true, true], shape: [2, 2]))
    expectEqual(oneHot(Tensor(labels: [1, 0]), classes: 2, dtype: .bool).scalars(), [false, true, true, false])
    expectEqual(oneHot(Tensor([Int64](), shape: [0, 2]), classes: 3).shape, [0, 2, 3])
    expectEqual((3 .> x).scalars(), [false, true, true, true])
    expectEqual((1 .== x).scalars(), [false, true, false, true])
    expectEqual((2 .<= x).scalars(as: Bool.self), (x .>= 2).scalars())
    expectEqual((2 .!= x).scalars(as: Bool.self) + (2 .< x).scalars(), (x .!= 2).scalars() + (x .> 2).scalars())
    expectEqual((2 .>= x).scalars(as: Bool.self), (x .<= 2).scalars())
    var total = x
    total += x
    total *= 2
    total -= 1
    expectEqual(total, Tensor([11, 3, 7, 3] as [Int32], shape: [4]))
  }

  @Test func numbersInOrder() throws {
    try expectEqual(
      OpReference.errors("arange") { _, known in
        .arange(
          from: known.start ?? 0, to: known.end ?? 0, step: known.step ?? 1,
          dtype: known.end == 11 ? .int64 : .float64)
      }, [])
    try expectEqual(
      OpReference.errors("linspace") { _, known in
        .linspace(from: known.start ?? 0, to: known.end ?? 0, count: known.count ?? 0, dtype: .float64)
      }, [])
    expectEqual(Tensor.arange(from: 0, to: 3), .arange(3))
    expectEqual(Tensor.arange(from: 3, to: 0).shape, [0])
  }

  @Test func partsArePutTogetherAgain() {
    let x = samples([5, 3, 4])
    expectEqual(concatenate(x.split(size: 2)), x)
    expectEqual(concatenate(x.chunk(3, axis: -1), axis: -1), x)
    expectEqual(x.chunk(2, axis: 1).map(\.shape), [[5, 2, 4], [5, 1, 4]])
    expectEqual(Tensor.ones([0, 2]).split(size: 3).map(\.shape), [[0, 2]])
    expectEqual(x.rolled(by: 3, axis: 2).rolled(by: -3, axis: 2), x)
    expectEqual(x.flipped(axes: [0, 2]).flipped(axes: [2, 0]), x)
    expectEqual(x.tril() + x.triu(diagonal: 1), x)
    expectEqual(x.padded([(1, 2), (0, 3)])[0..., 1..<4, ..<4], x)
    expectEqual(gather(x, x.argsort(axis: 0), axis: 0), x.sorted(axis: 0).values)
    let images = samples([2, 3, 6, 8])
    let counts = fold(unfold(.ones(images.shape, dtype: .float64), kernel: [3, 3]), size: [6, 8], kernel: [3, 3])
    expectEqual(
      mismatches(
        fold(unfold(images, kernel: [3, 3]), size: [6, 8], kernel: [3, 3]), images * counts, absolute: 1e-13), [])
  }

  /// Messages of arguments that stop the program; each row runs in a process of its own.
  @Test func mistakesStopTheProgramWithAMessage() async {
    for number in Self.mistakes.indices {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [number = number as Int] in
        OpTableTests.mistakes[number].run()
      }
      expectTrue(text(result).contains(Self.mistakes[number].message), text(result))
    }
  }

  private static let mistakes: [(message: String, run: @Sendable () -> Void)] = [
    ("clamp: 0.5 is not a number of type int32", { _ = clamp(Tensor(labels: [1]), min: 0.5) }),
    ("topK: expected 0 to 2 elements of axis 0, got 3", { _ = Tensor([1, 2]).topK(3) }),
    ("oneHot: label 2 at place 1 is outside 0..<2", { _ = oneHot(Tensor(labels: [0, 2]), classes: 2) }),
    ("padded: .reflect can add at most 1 elements to axis 0", { _ = Tensor([1, 2]).padded([(2, 0)], mode: .reflect) }),
    (
      "unfold: a window of [3], dilation [2], does not fit extent 4",
      { _ = unfold(.ones([1, 1, 4]), kernel: [3], dilation: [2]) }
    ),
    ("einsum: \"...i\" has an ellipsis", { _ = einsum("...i", .ones([2])) }),
    ("has a letter twice, a diagonal, which is not supported", { _ = einsum("ii->i", .ones([2, 2])) }),
    ("has the extents 2 and 3; they must agree", { _ = einsum("ij,jk", .ones([1, 2]), .ones([3, 1])) }),
    (
      "split: expected sizes of 0 or more with the sum 3, axis 0 of [3], got [1, 1]",
      { _ = Tensor([1, 2, 3]).split(sizes: [1, 1]) }
    ),
    (
      "maskedFill: expected a mask that broadcasts to [2], got [2, 2]",
      { _ = Tensor([1, 2]).maskedFill(.ones([2, 2], dtype: .bool), with: 0) }
    ),
  ]
}
