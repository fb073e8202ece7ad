import MoultCore

/// Sets the layer numbers of all stochastic layers of a model, if a layer that is not pinned has no number or the
/// number of another layer. Otherwise changes nothing.
///
/// The number of a layer is its position in `layers`. A layer that is pinned by `stream:` keeps its number but still
/// occupies its position. If a position equals a pinned number, the layer at this position gets a free number after the
/// last position.
///
/// - Parameter layers: All stochastic layers of the model, in the order of reflection.
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
