import Moult

/// The default settings for a kind of data.
struct Recipe {
  /// The sizes of the hidden layers.
  var hiddenSizes: [Int]
  /// The default settings that depend only on the kind of data.
  var defaults: TrainingOptions

  /// The default fraction of the training samples for validation in a regression.
  static let validationFractionOfRegression = 0.15

  /// The default network and training settings for images.
  static var images: Recipe {
    var defaults = TrainingOptions.none
    defaults.data = "digits"
    (defaults.network.dropout, defaults.network.inputDropout) = (ModelSpec.defaultDropout, 0)
    (defaults.recipe.optimizer, defaults.recipe.schedule, defaults.recipe.warmUp) = (.sgd, .cosine, 0)
    (defaults.recipe.epochs, defaults.recipe.batchSize, defaults.recipe.patience) = (40, 100, 0)
    (defaults.recipe.labelSmoothing, defaults.recipe.classWeights) = (0, ClassWeighting.none)
    (defaults.settings.validationFraction, defaults.seed) = (0, 0)
    return Recipe(hiddenSizes: LayerSizes.articleHiddenSizes, defaults: defaults)
  }

  /// The default settings for arrays of numbers: those for images, but with Adam, which is less sensitive to the scale
  /// of the inputs.
  static var numbers: Recipe {
    var recipe = images
    recipe.defaults.recipe.optimizer = .adam
    return recipe
  }

  /// The settings that performed well on small tables: see `Documentation/Design/0008-reading-tables.md`.
  static func tables(rowCount: Int) -> Recipe {
    var recipe = images
    recipe.hiddenSizes = [128, 128]
    recipe.defaults.network.dropout = 0.1
    (recipe.defaults.recipe.optimizer, recipe.defaults.recipe.schedule) = (.adam, .constant)
    (recipe.defaults.recipe.epochs, recipe.defaults.recipe.patience) = (300, 30)
    recipe.defaults.recipe.batchSize = rowCount > 10_000 ? 128 : 32
    recipe.defaults.settings.validationFraction = 0.15
    recipe.defaults.table.testFraction = TrainingTable.Shares().test
    return recipe
  }
}
