extension [Double] {
  /// The median of sorted numbers; NaN for an empty array.
  var median: Double { isEmpty ? .nan : (self[count / 2] + self[(count - 1) / 2]) / 2 }
}
