import Moult

/// The samples that a network is evaluated on, and whether it learned from them.
struct EvaluatedSamples {
  /// Whether the network learned from them.
  enum Learned: String { case none, some, unknown }

  /// `test` or `all`, as JSON has it.
  let part: String
  let learned: Learned
  /// The samples in words, for people.
  let text: String

  /// The message for people.
  var line: String { "evaluated on \(text)" }

  /// The test part that the data bring, or all of them.
  init(ownParts name: String, train: Int, test: Int, all: Bool) {
    if all {
      (part, learned) = ("all", .some)
      text = "all \(NumberFormat.grouped(train + test)) samples of \(name), those of its training part among them"
    } else {
      (part, learned) = ("test", .none)
      text = "the test part of \(name): \(NumberFormat.grouped(test)) samples, none of its training part"
    }
  }

  /// The very data of training.
  init(sameAs data: TrainingData, name: String, all: Bool) {
    let (test, train) = (data.test.count, data.train.count)
    let validation = data.isValidatedOnTest ? 0 : data.validation.count
    let total = NumberFormat.grouped(train + validation + test)
    if all {
      (part, learned) = ("all", .some)
      text = "all samples of \(name), of which the network learned from \(NumberFormat.grouped(train)) of \(total)"
    } else {
      (part, learned) = ("test", .none)
      text =
        "the run's test part of \(name): \(NumberFormat.grouped(test)) of \(total) samples, none learned from; --all "
        + "takes all"
    }
  }

  /// Other data than those of training, or data of a model without a record of them.
  init(others name: String, isRecorded: Bool) {
    (part, learned) = ("all", .unknown)
    text =
      isRecorded
      ? "all samples of \(name), which are not the very data of training; those that both have are evaluated too"
      : "all samples of \(name); the model's file does not say whether the network learned from them"
  }
}
