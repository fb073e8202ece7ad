extension [Double] {
  /// The middle of sorted numbers, NaN without any.
  var median: Double { isEmpty ? .nan : (self[count / 2] + self[(count - 1) / 2]) / 2 }
}
