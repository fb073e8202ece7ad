/// A parameter's value: as a tensor, in panels, or both. Products want panels, and an update by a product leaves nothing
/// else; whoever reads the value gets a tensor made from them.
struct ParameterState {
  private var tensor: Tensor?
  private var panels: Panels?
  var isFrozen = false

  init(_ tensor: Tensor) { self.tensor = tensor }

  var hasPanels: Bool { panels != nil }

  mutating func set(_ tensor: Tensor) {
    self.tensor = tensor
    panels = nil
  }

  mutating func value() -> Tensor {
    if let tensor { return tensor }
    guard let unpacked = panels?.unpacked() else { fatalError("Parameter: a value in neither form") }
    tensor = unpacked
    return unpacked
  }

  mutating func inPanels() -> Panels {
    if let panels { return panels }
    let packed = Panels(packing: value())
    panels = packed
    return packed
  }

  /// The elements in row-major order, for writing: nobody else holds them, and there is no other form.
  mutating func uniqueStorage() -> Storage {
    var value = value()
    tensor = nil
    panels = nil
    if value.offset != 0 || value.storage.count != value.count || !isKnownUniquelyReferenced(&value.storage) {
      let fresh = Storage(count: value.count, dtype: value.dtype)
      value.copyElements(to: fresh.pointer)
      value = Tensor(storage: fresh, shape: value.shape)
    }
    tensor = value
    return value.storage
  }

  /// The panels, for writing: nobody else holds them, and there is no other form.
  mutating func uniquePanels() -> Panels {
    var unique = inPanels()
    tensor = nil
    panels = nil
    if !isKnownUniquelyReferenced(&unique.storage) { unique = unique.copied() }
    panels = unique
    return unique
  }
}
