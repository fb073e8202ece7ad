import MoultCore
import MoultTestSupport
import Testing

/// What is tested for many operations in the same way, as tables.
@Suite struct OpTableTests {
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
