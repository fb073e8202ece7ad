import Moult
import MoultDigits

/// The subject of the chapters, computed when a chapter first asks: digits and two networks that learned them, one
/// without dropout and one with. They begin with the same weights and see the same digits in the same order.
final class Lesson {
  let settings: ExplainSettings
  /// The digits that the networks learn.
  let training: Dataset
  /// Digits that they never learn from.
  let validation: Dataset
  private let waiting: (String) -> Void
  private var trained: TrainedPair?

  /// - Parameter waiting: is told what takes a moment.
  init(_ settings: ExplainSettings, digits: DatasetPair, waiting: @escaping (String) -> Void) {
    self.settings = settings
    self.waiting = waiting
    training = digits.train.prefix(settings.images)
    validation = digits.test.prefix(settings.validationImages)
  }

  /// Both networks, trained at the first call.
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

  /// How many chapters there are.
  static let chapterCount = 6

  /// Chapter `number`, from 1 on.
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

/// The two networks of a lesson.
struct TrainedPair {
  let plain: TrainedNetwork
  let dropped: TrainedNetwork
}
