import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// What the variants that are `Dropout` with shared units share. The laws that they have in common are in
/// EveryVariantTests.
@Suite struct SharedDropoutTests {
  /// Which samples of a batch of 70 have the mask of which, as the tool puts a variant behind a hidden layer.
  @Test(arguments: [
    ("dropout", Array(0..<70)), ("batch-dropout", Array(repeating: 0, count: 70)),
    ("group-dropout", (0..<70).map { $0 / 32 }),
  ])
  func samplesShareWhatTheNameSays(name: String, masks: [Int]) throws {
    let variant = try unwrapped(DropoutVariant.all.first { $0.name == name })
    guard case .hidden(let make) = variant.place else {
      Issue.record("expected a place behind hidden layers")
      return
    }
    let y = used(make(0.5), [70, 200])
    let rows = (0..<70).map { zeroPattern(y[$0]) }
    for (row, mask) in masks.enumerated() {
      let first = masks.firstIndex(of: mask) ?? 0
      expectEqual(rows[row], rows[first], "row \(row)")
    }
    expectEqual(Set(rows).count, Set(masks).count)
  }

  /// Which axes of a small input elements share their masks along, and the rest, along which they do not.
  @Test(
    arguments: [
      ("dropout", []), ("spatial-dropout-1d", [2]), ("spatial-dropout-2d", [2, 3]), ("spatial-dropout-3d", [2, 3, 4]),
      ("batch-dropout", [0]), ("locked-dropout", [1]), ("shared-axes-dropout", [1, 3]),
    ] as [(String, [Int])])
  func elementsShareAlongTheAxesThatTheNameSays(name: String, axes: [Int]) throws {
    let trial = try trial(name)
    let y = used(trial.make(0.5, .float32), trial.shape)
    for axis in trial.shape.indices {
      let first = y.permuted([axis] + trial.shape.indices.filter { $0 != axis })[0..<1]
      let all = y.permuted([axis] + trial.shape.indices.filter { $0 != axis })
      let isShared = all == first + Tensor.zeros(all.shape)
      expectEqual(isShared, axes.contains(axis), "axis \(axis) of \(trial.shape)")
    }
  }

  /// So many elements of the input that moments are taken of share a draw.
  @Test(arguments: [
    ("dropout", 1), ("spatial-dropout-1d", 2), ("spatial-dropout-2d", 2), ("spatial-dropout-3d", 2),
    ("batch-dropout", 2), ("group-dropout", 4), ("locked-dropout", 2), ("shared-axes-dropout", 4),
  ])
  func standardErrorsCountDrawsNotElements(name: String, copies: Int) throws {
    let trial = try trial(name)
    expectTrue([0.1, 0.5].allSatisfy { trial.copies($0) == Double(copies) })
    let elements = trial.momentShape.reduce(1, *)
    let axes = trial.sharing.map { sharing -> Int in
      switch sharing {
      case .elementwise: 1
      case .channels: trial.momentShape.dropFirst(2).reduce(1, *)
      case .batch: trial.momentShape[0]
      case .groups(let count): count
      case .time(let axis): trial.momentShape[axis]
      case .axes(let axes): axes.reduce(1) { $0 * trial.momentShape[$1 < 0 ? $1 + trial.momentShape.count : $1] }
      }
    }
    expectTrue(axes == copies && elements % copies == 0)
  }

  /// One use of a layer on ones.
  private func used(_ layer: any Module<Tensor, Tensor>, _ shape: [Int]) -> Tensor {
    withSeed(1) { withStep(0) { layer(.ones(shape)) } }
  }

  private func trial(_ name: String) throws -> VariantTrial {
    try unwrapped(DropoutVariant.all.first { $0.name == name }?.trial)
  }
}
