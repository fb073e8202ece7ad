import MoultCore

extension Dataset {
  /// The weights of the classes with which all classes count the same: `N / (K · count)`.
  ///
  /// A class without a sample gets 1: no loss over this data uses it.
  ///
  /// - Precondition: The labels are classes, integers in `0..<classCount`.
  public func balancedClassWeights(classCount: Int) -> [Double] {
    require(
      labels.rank == 1 && !labels.dtype.isFloatingPoint,
      "Dataset.balancedClassWeights: expected integer labels: [N], got \(labels.shape) of \(labels.dtype)")
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels.scalars(as: Int64.self) {
      require(
        (0..<Int64(classCount)).contains(label),
        "Dataset.balancedClassWeights: expected labels in 0..<\(classCount), got \(label)")
      counts[Int(label)] += 1
    }
    return counts.map { $0 == 0 ? 1 : Double(count) / (Double(classCount) * Double($0)) }
  }
}
