import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct TensorDatasetTests {
  /// Ten samples of two values, sample i being [i, i + 100], labelled i.
  static let data = TensorDataset(
    inputs: Tensor((0..<10).flatMap { [Float($0), Float($0 + 100)] }, shape: [10, 2]),
    labels: Tensor((0..<10).map { Int32($0) }, shape: [10]))

  static let images = TensorDataset(
    inputs: Tensor((0...255).map { UInt8($0) }, shape: [64, 2, 2]),
    labels: Tensor((0..<64).map { Int32($0) }, shape: [64]))

  @Test func bytesAreReadInZeroToOneExactly() {
    let expected = (0...255).map { Float($0) / 255 }
    expectEqual(Self.images.inputs.scalars(as: Float.self), expected)
    expectEqual(Self.images.inputs.shape, [64, 2, 2])
    let batch = Self.images.batch(at: [63, 0])
    expectEqual(batch.inputs, Tensor(Array(expected[252...] + expected[..<4]), shape: [2, 2, 2]))
    expectEqual(batch.labels, Tensor([63, 0] as [Int32], shape: [2]))
  }

  @Test func otherInputsAreReadAsTheyAre() {
    expectEqual(Self.data.inputs.shape, [10, 2])
    let batch = Self.data.batch(at: [3, 3, 1])
    expectEqual(batch.inputs, Tensor([3, 103, 3, 103, 1, 101] as [Float], shape: [3, 2]))
    expectEqual(batch.indices, [3, 3, 1])
    expectEqual(batch.count, 3)
  }

  @Test func aPrefixHoldsTheFirstSamples() {
    expectEqual(Self.data.prefix(3).labels, Tensor([0, 1, 2] as [Int32], shape: [3]))
    expectEqual(Self.data.prefix(99).count, 10)
    expectEqual(Self.data.prefix(0).count, 0)
  }

  @Test(arguments: [0.0, 0.25, 0.3, 1.0])
  func aSplitHoldsEverySampleOnce(fraction: Double) {
    let (rest, heldOut) = Self.data.split(fraction, seed: 7)
    expectEqual(heldOut.count, Int((10 * fraction).rounded()))
    let both = rest.labels.scalars(as: Int32.self) + heldOut.labels.scalars(as: Int32.self)
    expectEqual(both.sorted(), Array(0..<10))
    expectEqual(Self.data.split(fraction, seed: 7).1.labels, heldOut.labels)
  }

  @Test func aWrongNumberOfLabelsIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TensorDataset(inputs: Tensor([1, 2], shape: [2, 1]), labels: Tensor([1] as [Int32], shape: [1]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(text.contains("expected inputs [N, ...] and labels [N, ...] of one N, got [2, 1] and [1]"))
  }
}
