import MoultCore
import MoultTestSupport
import Testing

@Suite struct OperationRecordTests {
  private let x = Tensor([[1, -2, 3], [4, 5, -6]])

  @Test func theRecordReadsAsAProgram() {
    let weight = Parameter(.randomNormal([4, 3], seed: 1)), bias = Parameter(.zeros([4]))
    let (loss, record) = recordingOperations {
      let hidden = dropout(relu(linear(x, weight: weight, bias: bias)), rate: 0.5, mode: .training, stream: 3)
      return softmaxCrossEntropy(hidden, Tensor(labels: [0, 3]), smoothing: 0.1) * 2
    }
    expectEqual(
      record.description,
      """
      %0: float32 [2, 3]
      %1: float32 [4, 3]
      %2: float32 [4]
      %3: int32 [2]
      %4 = linear(%0, %1, %2): float32 [2, 4]
      %5 = relu(%4): float32 [2, 4]
      %6 = dropout(%5, rate: 0.5, sharing: elementwise): float32 [2, 4]
      %7 = crossEntropy(%6, %3, smoothing: 0.1): float32 []
      %8 = multiply(%7, number: 2.0): float32 []
      """)
    expectEqual(record.number(of: x), 0)
    expectEqual(record.number(of: weight.value), 1)
    expectEqual(record.number(of: loss), 8)
    expectNil(record.number(of: Tensor([[1, -2, 3], [4, 5, -6]])), "other memory is another tensor")
    expectEqual(record.sources.map(\.shape), [[2, 3], [4, 3], [4], [2]])
  }

  /// One line for each operation; composed functions appear as what they are made of.
  private static let operations: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("abs()", { abs($0) }), ("add(%0)", { $0 + $0 }), ("add(number: 2.0)", { $0 + 2 }),
    ("add(number: 2.0)", { 2 + $0 }),
    ("subtract(%0)", { $0 - $0 }), ("subtract(number: 2.0)", { $0 - 2 }),
    ("subtract(number: 2.0, numberFirst: true)", { 2 - $0 }),
    ("multiply(%0)", { $0 * $0 }), ("multiply(number: 2.0)", { $0 * 2 }), ("multiply(number: 2.0)", { 2 * $0 }),
    ("divide(%0)", { $0 / $0 }), ("divide(number: 2.0)", { $0 / 2 }),
    ("negate()", { -$0 }), ("exp()", { exp($0) }), ("log()", { log($0) }), ("sqrt()", { sqrt($0) }),
    ("tanh()", { tanh($0) }), ("sigmoid()", { sigmoid($0) }), ("relu()", { relu($0) }), ("selu()", { selu($0) }),
    ("gelu()", { gelu($0) }), ("geluTanh()", { geluTanh($0) }), ("silu()", { silu($0) }), ("mish()", { mish($0) }),
    ("pow(exponent: 3.0)", { pow($0, 3) }), ("pow(%0)", { pow($0, $0) }),
    ("softmax(axis: 1)", { softmax($0) }), ("logSoftmax(axis: 0)", { logSoftmax($0, axis: 0) }),
    ("sum()", { $0.sum() }), ("sum(axes: [1], keepingDimensions: true)", { $0.sum(axis: -1, keepingDimensions: true) }),
    ("argmax(axis: 0)", { $0.argmax(axis: 0) }),
    ("reshape(shape: [3, 2])", { $0.reshaped([3, -1]) }), ("permute(axes: [1, 0])", { $0.transposed() }),
    ("slice(axis: 1, start: 1, end: 3)", { $0[0..., 1...] }),
    ("broadcast(shape: [2, 2, 3])", { $0.broadcast(to: [2, 2, 3]) }),
    ("unsqueezed(axis: 2)", { $0.unsqueezed(axis: -1) }), ("contiguous()", { $0.transposed().contiguous() }),
    ("squeezed(axis: 0)", { $0[0..<1].squeezed(axis: 0) }),
    ("concatenate(%0, axis: 1)", { concatenate([$0, $0], axis: 1) }),
    ("cast(dtype: float64)", { $0.cast(to: .float64) }),
    ("cast(dtype: int32)", { $0.cast(to: .int32) }),
    ("matmul(%1)", { matmul($0, $0.transposed()) }),
    ("indexSelect(indices: [1, 0, 1])", { $0.indexSelect([1, 0, 1]) }),
    ("gather(%2, axis: 1)", { gather($0, Tensor(labels: [0, 2]).reshaped([2, 1]), axis: 1) }),
    ("indexSelect(indices: [2, 0], axis: 1)", { $0.indexSelect([2, 0], axis: 1) }),
    ("clamp(min: -inf, max: 2.0)", { clamp($0, max: 2) }), ("sin()", { sin($0) }), ("cos()", { cos($0) }),
    ("minimum(%0)", { minimum($0, $0) }), ("maximum(%0)", { maximum($0, $0) }), ("argmin(axis: 1)", { $0.argmin() }),
    ("argsort(axis: 1, descending: true)", { $0.argsort(descending: true) }),
    ("cumsum(axis: 0)", { $0.cumsum(axis: 0) }), ("cumprod(axis: 1)", { $0.cumprod(axis: -1) }),
    ("norm(p: 2.0, axes: [0, 1], keepingDimensions: false)", { $0.norm() }),
    ("oneHot(classes: 3, dtype: bool)", { oneHot(($0 .> 0).cast(to: .int32), classes: 3, dtype: .bool) }),
    (
      "unfold(kernel: [2], dilation: [1], padding: [0], stride: [1])",
      { unfold($0.unsqueezed(axis: 0), kernel: [2]) }
    ),
    (
      "fold(kernel: [3], dilation: [1], padding: [0], stride: [1])",
      { fold($0.reshaped([1, 6, 1]), size: [3], kernel: [3]) }
    ),
    ("scatter(%1, %0, axis: 1)", { scatter($0, places, $0, axis: 1) }),
    ("scatterAdd(%1, %0, axis: 1)", { scatterAdd($0, places, $0, axis: 1) }),
    ("maskedSelect(%2)", { $0.maskedSelect($0 .> 0) }),
    ("equal(%0)", { $0 .== $0 }), ("notEqual(%0)", { $0 .!= $0 }), ("less(%0)", { $0 .< $0 }),
    ("lessOrEqual(%0)", { $0 .<= $0 }), ("greater(%0)", { $0 .> $0 }), ("greaterOrEqual(%0)", { $0 .>= $0 }),
    ("and(%0)", { $0 .& $0 }), ("or(%0)", { $0 .| $0 }), ("not()", { .!$0 }),
    ("dropout(rate: 0.25, sharing: batch)", { dropout($0, rate: 0.25, mode: .training, sharing: .batch) }),
    ("dropout(rate: 1.0, sharing: elementwise)", { dropout($0, rate: 1, mode: .training) }),
    ("alphaDropout(rate: 0.25, sharing: elementwise)", { alphaDropout($0, rate: 0.25, mode: .training) }),
  ]

  private static let places = Tensor([0, 1, 2, 2, 1, 0] as [Int32], shape: [2, 3])

  @Test(arguments: [true, false], 0..<operations.count)
  func eachOperationIsRecordedWithItsAttributes(gradients: Bool, index: Int) throws {
    let (expected, function) = Self.operations[index]
    let input = gradients ? x.requiringGradient() : x
    let (result, record) = withGradients(gradients) { recordingOperations { function(input) } }
    let last = try unwrapped(record.operations.last)
    let others = record.inputNumbers(ofOperation: record.operations.count - 1).dropFirst().map { "%\($0)" }
    let attributes = last.attributes.map { "\($0.key): \($0.value)" }
    // The number of a second input that an operation made counts the operations before; sources come first.
    expectEqual("\(last.name)(\((others + attributes).joined(separator: ", ")))", expected)
    expectTrue(sameBits(last.result, result))
    expectTrue(last.inputs.allSatisfy { !$0.requiresGradient })
    expectTrue(sameBits(result, function(input)) || expected.contains("ropout"))
    expectEqual(last.result.requiresGradient, result.requiresGradient)
  }

  /// The same view can be made twice, or be its own source.
  @Test func everyLineReadsWhatStandsBefore() {
    let (_, same) = recordingOperations { x.reshaped([2, 3]) * 2 }
    expectEqual(
      same.description,
      """
      %0: float32 [2, 3]
      %1 = reshape(%0, shape: [2, 3]): float32 [2, 3]
      %2 = multiply(%1, number: 2.0): float32 [2, 3]
      """)
    expectEqual(same.number(of: x), 1, "the last operation that made it")
    let (_, twice) = recordingOperations { (x.transposed() + 1, x.transposed() * 2) }
    expectEqual((0..<4).map { twice.inputNumbers(ofOperation: $0) }, [[0], [1], [0], [3]])
  }

  @Test func theLargestElementsAreGatheredAtRecordedPlaces() {
    let (_, record) = recordingOperations { (x.max(axis: 1), x.min(axis: 0, keepingDimensions: true)) }
    expectEqual(
      record.operations.map(\.name), ["argmax", "unsqueezed", "gather", "squeezed", "argmin", "unsqueezed", "gather"])
    expectEqual(record.sources.count, 1)
  }

  @Test func selectReadsItsCondition() {
    let (_, record) = recordingOperations { select(x .> 0, x, -x) }
    expectEqual(record.operations.map(\.name).suffix(2), ["negate", "select"])
    expectEqual(record.operations.last?.inputs.map(\.dtype), [.bool, .float32, .float32])
  }

  @Test func gradientsDoNotChange() {
    func gradient(_ function: (Tensor) -> Tensor) -> Tensor? {
      let variable = x.requiringGradient()
      function(variable).sum().backward()
      return variable.gradient
    }
    for function in [
      { select($0 .> 0, $0 * $0, -$0) }, { gather($0, Tensor(labels: [0, 2]).reshaped([2, 1]), axis: 1) },
    ] {
      expectEqual(recordingOperations { gradient(function) }.result, gradient(function))
    }
  }

  @Test func aCustomOperationIsOneOperation() {
    let (_, record) = recordingOperations {
      customOperation("relu", [x]) {
        $0[0] * 2 + 1
      } pullback: { gradient, _, _ in
        [gradient * 2]
      }
    }
    expectEqual(record.operations.map(\.name), ["relu"])
    expectEqual(record.operations.map(\.isCustom), [true])
    expectEqual(record.description, "%0: float32 [2, 3]\n%1 = relu(%0): float32 [2, 3]")
  }

  @Test func onlyTheBodyIsRecorded() {
    let before = x + 1
    let (inside, record) = recordingOperations { before * 2 }
    _ = inside + 1
    expectEqual(record.operations.map(\.name), ["multiply"])
    let (inner, outer) = recordingOperations { recordingOperations { x + 1 }.record }
    expectEqual([inner.operations.count, outer.operations.count], [1, 0], "the innermost scope records")
  }

  @Test func attributesAreFoundByName() {
    let (_, record) = recordingOperations { softmax(x, axis: 0) }
    expectEqual(record.operations.first?["axis"], .int(0))
    expectNil(record.operations.first?["rate"])
  }
}
