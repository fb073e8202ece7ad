/// The value of a parameter, as an array, packed for products, or both. An update through a pending gradient keeps the
/// packed form only; the array is made again when the value is read.
struct ParameterState {
  private var array: NDArray?
  private var packed: PackedWeights?
  var isFrozen = false

  init(_ array: NDArray) { self.array = array }

  var isPacked: Bool { packed != nil }

  mutating func set(_ array: NDArray) {
    self.array = array
    packed = nil
  }

  mutating func value() -> NDArray {
    if let array { return array }
    guard let unpacked = packed?.unpacked() else { fatalError("Parameter: a value in neither form") }
    array = unpacked
    return unpacked
  }

  mutating func packedWeights() -> PackedWeights {
    if let packed { return packed }
    let weights = PackedWeights(packing: value())
    packed = weights
    return weights
  }

  /// Returns the elements in row-major order for writing, in memory that no other array shares. The packed form is
  /// removed.
  mutating func uniqueStorage() -> Storage {
    var value = value()
    array = nil
    packed = nil
    if value.offset != 0 || value.storage.count != value.count || !isKnownUniquelyReferenced(&value.storage) {
      let fresh = Storage(count: value.count, dtype: value.dtype)
      value.copyElements(to: fresh.pointer)
      value = NDArray(storage: fresh, shape: value.shape)
    }
    array = value
    return value.storage
  }

  /// Returns the packed weights for writing, in memory that no other array shares. The array form is removed.
  mutating func uniquePackedWeights() -> PackedWeights {
    var unique = packedWeights()
    array = nil
    packed = nil
    if !isKnownUniquelyReferenced(&unique.storage) { unique = unique.copied() }
    packed = unique
    return unique
  }
}
