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
  /// All places along each of some axes (NumPy's and Keras's noise shape with a 1 there); the batch axis may be one.
  case axes([Int])

  /// The axes of a tensor of `rank` that elements are shared along, with the batch axis first.
  ///
  /// - Parameter order: the tensor's axes, that of the batch first.
  func axes(in order: [Int]) -> Set<Int> {
    func place(_ axis: Int, _ caller: String) -> Int {
      require(
        order.count > 1,
        "\(caller): expected a tensor of rank 2 or more, got rank \(order.count); a vector is one sample without axes to share"
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

  /// Stops the program unless the number of samples in a group is one.
  package func requireValid() {
    if case .groups(let count) = self {
      require(
        (1..<(1 << 32)).contains(count),
        "dropout(sharing: .groups): expected groups of 1..<2^32 samples, got \(count)")
    }
  }
}
