/// What a kind of data is trained with unless somebody says otherwise.
struct Recipe {
  var hiddenSizes: [Int]
  var dropout: Double
  var optimizer: OptimizerKind
  var schedule: ScheduleKind
  var epochs: Int
  var batchSize: Int
  /// Epochs without a better validation loss after which training ends; 0 for never.
  var patience: Int
  /// The share of the training samples that is held out for validation.
  var validationShare: Double

  /// The share that is held out where a quantity is to be learned.
  static let quantityValidationShare = 0.15

  /// The article's network and what makes it learn the digits.
  static let images = Recipe(
    hiddenSizes: NetworkOptions.defaultHiddenSizes, dropout: NetworkOptions.defaultDropout, optimizer: .sgd,
    schedule: .cosine, epochs: 40, batchSize: 100, patience: 0, validationShare: 0)

  /// The same for numbers of any size: adam, which minds their size less.
  static let numbers: Recipe = {
    var recipe = images
    recipe.optimizer = .adam
    return recipe
  }()
}
