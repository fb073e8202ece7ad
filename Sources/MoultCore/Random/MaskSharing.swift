/// Which elements of a tensor are dropped together: those that share a mask unit.
///
/// Indices are those of the mask law (Documentation/MaskLaw.md, "Unit"). Axes are counted from the end if negative.
public enum MaskSharing: Sendable, Hashable {
  /// None: each element has a unit of its own.
  case elementwise
  /// All elements of a channel: the first axis that is not the batch's, as in `[N, C]`, `[N, C, L]`, `[N, C, H, W]` and
  /// `[N, C, D, H, W]` (spatial dropout).
  case channels
  /// All samples: one mask for the whole batch.
  case batch
  /// Each `g` consecutive samples: those whose index divided by `g` is the same, however batches are split.
  case groups(of: Int)
  /// All places along the time axis, as in `[N, T, D]` (locked or variational dropout): one mask for a sequence.
  case time(axis: Int = 1)
  /// All places along each of some axes (a noise shape with a 1 there); the batch axis may be one of them.
  case axes([Int])

  /// The axes that elements are shared along, as places in `order`.
  ///
  /// - Parameter order: the axes of a tensor, that of the batch first.
  private func places(in order: [Int]) -> Set<Int> {
    func place(_ axis: Int, _ caller: String) -> Int {
      require(
        order.count > 1,
        "\(caller): expected a tensor of rank 2 or more, got rank \(order.count); a vector is one sample with no axis to share"
      )
      return order.firstIndex(of: Shape.axis(axis, rank: order.count, caller)) ?? 0
    }
    switch self {
    case .elementwise, .groups: return []
    case .channels: return Set(order.indices.dropFirst(2))
    case .batch: return order.count > 1 ? [0] : []
    case .time(let axis):
      let place = place(axis, "dropout(sharing: .time)")
      require(place != 0, "dropout(sharing: .time): axis \(axis) is the batch axis; name the axis of the steps")
      return [place]
    case .axes(let axes): return Set(axes.map { place($0, "dropout(sharing: .axes)") })
    }
  }

  /// Stops the program if groups are of no sample.
  package func requireValid() {
    if case .groups(let count) = self {
      require(
        (1..<(1 << 32)).contains(count),
        "dropout(sharing: .groups): expected groups of 1..<2^32 samples, got \(count)")
    }
  }

  /// Stops the program unless `x` has the batch axis and the axes that are shared.
  package func requireFits(_ x: Tensor, batchAxis: Int) {
    requireBatchAxis(batchAxis, of: x)
    if self != .elementwise { _ = places(in: batchFirst(x.rank, batchAxis)) }
  }

  /// Calls `body` with `x` as `[samples, ...]`, and gives its result the axes of `x`.
  ///
  /// - Parameter body: gets what draws the masks and what shares them besides.
  func onBatchFirst(
    _ x: Tensor, batchAxis: Int, use: MaskUse, _ body: (Tensor, MaskUse, SharedAxes) -> Tensor
  ) -> Tensor {
    requireValid()
    let order = batchFirst(x.rank, batchAxis)
    var axes = places(in: order)
    guard x.rank > 1 else {
      use.passes?.fallBackToLoop()  // one sample, not one for each pass
      return body(x.reshaped([1, x.count]), use.sharedBySamples, SharedAxes(axes: [], group: 1)).reshaped(x.shape)
    }
    let use = axes.remove(0) == nil ? use : use.sharedBySamples
    var group: UInt64 = 1
    if case .groups(let count) = self { group = UInt64(count) }
    let shared = SharedAxes(axes: axes, group: group)
    guard order[0] != 0 else { return use.onEachPass(x) { body($0, $1, shared) } }
    return use.onEachPass(x.permuted(order)) { body($0, $1, shared) }
      .permuted(order.indices.map { order.firstIndex(of: $0) ?? 0 })
  }
}

/// What elements of `[samples, ...]` share besides the mask of one sample: some of the later axes, and samples by
/// groups.
struct SharedAxes {
  let axes: Set<Int>
  let group: UInt64

  /// Whether each element of a sample has a unit of its own.
  var isElementwise: Bool { axes.isEmpty && group == 1 }
}

/// The axes of a tensor, that of the batch first.
private func batchFirst(_ rank: Int, _ batchAxis: Int) -> [Int] {
  guard rank > 1 else { return Array(0..<rank) }
  let axis = Shape.axis(batchAxis, rank: rank, "dropout")
  return [axis] + (0..<rank).filter { $0 != axis }
}

/// Stops the program unless `x` has the axis, or is a single sample and the axis is the first.
package func requireBatchAxis(_ axis: Int, of x: Tensor) {
  if x.rank > 1 { _ = Shape.axis(axis, rank: x.rank, "dropout") } else { _ = Shape.axis(axis, rank: 1, "dropout") }
}
