import MoultCore

/// Numbers `layers`, all those of one model in their order, if one has no number or two have the same; else changes
/// nothing.
///
/// Each gets its position. One that is pinned by `stream:` keeps that number, though it still takes up its position; if
/// the position of another is that very number, the other gets a free one behind the last position instead.
func assignOrdinals(to layers: [any StochasticLayer]) {
  let states = layers.map(\.dropoutState.calls)
  let pinned = Set(states.filter(\.isPinned).compactMap(\.ordinal))
  var taken = pinned
  let isComplete = states.allSatisfy { state in
    if state.isPinned { return true }
    guard let ordinal = state.ordinal else { return false }
    return taken.insert(ordinal).inserted
  }
  if isComplete { return }

  var spare = UInt32(layers.count)
  for (position, state) in zip((0 as UInt32)..., states) where !state.isPinned {
    if pinned.contains(position) {
      while pinned.contains(spare) { spare += 1 }
      state.ordinal = spare
      spare += 1
    } else {
      state.ordinal = position
    }
  }
}
