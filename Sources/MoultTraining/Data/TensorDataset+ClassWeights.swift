import MoultCore

extension TensorDataset {
  /// Returns class weights that give all classes the same total weight: `N / (K · count)` for a class of `count`
  /// samples.
  ///
  /// A class without samples gets the weight 1, which has no effect on a loss over this data.
  ///
  /// - Parameter classCount: The number of classes K.
  /// - Precondition: The labels are integers of shape `[N]` in `0..<classCount`.
  /// - Complexity: O(*N*).
  public func balancedClassWeights(classCount: Int) -> [Double] {
    require(
      labels.rank == 1 && !labels.dtype.isFloatingPoint,
      "TensorDataset.balancedClassWeights: expected integer labels: [N], got \(labels.shape) of \(labels.dtype)")
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels.scalars(as: Int64.self) {
      require(
        (0..<Int64(classCount)).contains(label),
        "TensorDataset.balancedClassWeights: expected labels in 0..<\(classCount), got \(label)")
      counts[Int(label)] += 1
    }
    return counts.map { $0 == 0 ? 1 : Double(count) / (Double(classCount) * Double($0)) }
  }
}
