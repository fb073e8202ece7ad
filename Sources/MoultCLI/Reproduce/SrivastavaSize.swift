/// The study of the gain by dropout for data sets of different sizes.
///
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), figure 10:
///   784-1024-1024-2048-10.
enum SrivastavaSize {
  private static let sizes = [100, 500, 1_000, 5_000, 10_000, 50_000]
  /// The number of bundled training digits, which limits the sizes with `--quick`.
  private static let quickLimit = 10_000
  /// The numbers of updates. Networks fit small data sets with far fewer updates.
  private static let (updates, smallUpdates, smallSize) = (30_000, 10_000, 1_000)

  static func lines(isQuick: Bool) -> [ClassifierLine] {
    sizes.filter { !isQuick || $0 <= quickLimit }.flatMap { size in
      let length = ClassifierRecipe.Length.updates(size > smallSize ? updates : smallUpdates)
      let dropout = ClassifierRecipe(hiddenSizes: [1024, 1024, 2048], length: length)
      var standard = dropout
      (standard.dropping, standard.inputRate) = (.nothing, 0)
      return [
        ClassifierLine("standard-\(size)", standard, trainingCount: size),
        ClassifierLine("dropout-\(size)", dropout, trainingCount: size),
      ]
    }
  }
}
