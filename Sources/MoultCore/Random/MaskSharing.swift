/// Which elements of a tensor share a mask unit, and so are dropped together.
///
/// The indices of units are defined in Documentation/MaskLaw.md, "Unit". Negative axes count from the end.
public enum MaskSharing: Sendable, Hashable {
  /// No sharing: each element has a unit of its own.
  case elementwise
  /// All elements of a channel share a unit (spatial dropout). The channel axis is the first one that is not the batch
  /// axis, as in `[N, C]`, `[N, C, L]`, `[N, C, H, W]` and `[N, C, D, H, W]`.
  case channels
  /// All samples share one mask.
  case batch
  /// Each group of `g` consecutive samples shares one mask, with `g` in 1..<2^32. The group of a sample is its index
  /// divided by `g`, rounded down, however the data is split into batches.
  case groups(of: Int)
  /// All positions along the time axis share a unit, as in `[N, T, D]` (locked or variational dropout): each sequence
  /// has one mask for all its time steps.
  case time(axis: Int = 1)
  /// All positions along each of these axes share a unit (a noise shape with extent 1 there). The batch axis may be one
  /// of them.
  case axes([Int])

  /// Returns the axes along which elements share a unit, as positions in `order`.
  ///
  /// - Parameter order: The axes of a tensor, the batch axis first.
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

  /// Stops the program if the size of a group is not in 1..<2^32.
  package func requireValid() {
    if case .groups(let count) = self {
      require(
        (1..<(1 << 32)).contains(count),
        "dropout(sharing: .groups): expected groups of 1..<2^32 samples, got \(count)")
    }
  }

  /// Stops the program unless `x` has the batch axis and the axes along which elements share a unit.
  package func requireFits(_ x: Tensor, batchAxis: Int) {
    requireBatchAxis(batchAxis, of: x)
    if self != .elementwise { _ = places(in: batchFirst(x.rank, batchAxis)) }
  }

  /// Calls `body` with `x` as `[samples, ...]`, and returns its result with the axes in the order of `x`. In a
  /// pass-major batch `body` is called for each pass.
  ///
  /// - Parameter body: Gets the samples, the key of their masks, and the axes along which the elements of a sample
  ///   share a unit.
  func onBatchFirst(
    _ x: Tensor, batchAxis: Int, use: MaskUse, _ body: (Tensor, MaskUse, SharedAxes) -> Tensor
  ) -> Tensor {
    requireValid()
    let order = batchFirst(x.rank, batchAxis)
    var axes = places(in: order)
    guard x.rank > 1 else {
      use.passes?.fallBackToLoop()  // one sample for all passes, not one for each pass
      return body(x.reshaped([1, x.count]), use.sharedBySamples, SharedAxes(axes: [], group: 1)).reshaped(x.shape)
    }
    let use = axes.remove(0) == nil ? use : use.sharedBySamples
    var group: UInt64 = 1
    if case .groups(let count) = self { group = UInt64(count) }
    let shared = SharedAxes(axes: axes, group: group)
    guard order[0] != 0 else { return use.onEachPass(x) { body($0, $1, shared) } }
    return use.onEachPass(x.permuted(order)) { body($0, $1, shared) }.permuted(Shape.inverse(ofOrder: order))
  }
}

/// How the elements of a tensor `[samples, ...]` share mask units: along some of the later axes, and between the
/// samples of a group.
struct SharedAxes {
  /// The axes along which the elements of a sample share a unit.
  let axes: Set<Int>
  /// The number of consecutive samples that share one mask.
  let group: UInt64

  /// Whether each element of a sample has a unit of its own.
  var isElementwise: Bool { axes.isEmpty && group == 1 }
}

/// Returns the axes of a tensor, the batch axis first.
private func batchFirst(_ rank: Int, _ batchAxis: Int) -> [Int] {
  guard rank > 1 else { return Array(0..<rank) }
  let axis = Shape.axis(batchAxis, rank: rank, "dropout")
  return [axis] + (0..<rank).filter { $0 != axis }
}

/// Stops the program unless `axis` is an axis of `x`. A tensor of rank 0 or 1 is one sample, for which the axis must be
/// 0 or -1.
package func requireBatchAxis(_ axis: Int, of x: Tensor) {
  if x.rank > 1 { _ = Shape.axis(axis, rank: x.rank, "dropout") } else { _ = Shape.axis(axis, rank: 1, "dropout") }
}
