import Moult
import MoultDigits

/// The data and networks of the chapters, computed on first use: digits, and two networks trained on them, one without
/// and one with dropout. Both start with the same weights and see the same digits in the same order.
final class Lesson {
  let settings: ExplainSettings
  /// The digits on which the networks are trained.
  let training: TensorDataset
  /// Digits on which the networks are not trained.
  let validation: TensorDataset
  private let waiting: (String) -> Void
  private var trained: TrainedPair?

  /// Creates a lesson.
  ///
  /// - Parameters:
  ///   - settings: The settings of `moult explain`.
  ///   - digits: The bundled digits.
  ///   - waiting: Called with a message before a computation that takes some time.
  init(_ settings: ExplainSettings, digits: DatasetPair, waiting: @escaping (String) -> Void) {
    self.settings = settings
    self.waiting = waiting
    training = digits.train.prefix(settings.images)
    validation = digits.test.prefix(settings.validationImages)
  }

  /// Returns both networks. They are trained at the first call.
  func networks() throws(MoultError) -> TrainedPair {
    if let trained { return trained }
    waiting(
      "training two networks on \(settings.images) digits, \(settings.epochs) epochs each: without dropout and with")
    let pair = TrainedPair(
      plain: try TrainedNetwork(rate: 0, settings, training: training, validation: validation),
      dropped: try TrainedNetwork(rate: settings.rate, settings, training: training, validation: validation))
    trained = pair
    return pair
  }

  /// The number of chapters.
  static let chapterCount = 6

  /// Returns chapter `number`, counted from 1.
  func chapter(_ number: Int) throws(MoultError) -> any Chapter {
    switch number {
    case 1: UnitChapter(settings)
    case 2: try ModesChapter(self)
    case 3: try ScalingChapter(self)
    case 4: GapChapter(settings, try networks())
    case 5: FeaturesChapter(settings, try networks(), training: training)
    default: try UncertaintyChapter(self)
    }
  }
}

/// The two networks of a lesson: without and with dropout.
struct TrainedPair {
  let plain: TrainedNetwork
  let dropped: TrainedNetwork
}
