import Moult

/// A description of the samples on which a network is evaluated, and whether it was trained on them.
struct EvaluatedSamples {
  /// Whether the network was trained on the samples: on none, on some, or unknown.
  enum Learned: String { case none, some, unknown }

  /// The name of the part in JSON: `test` or `all`.
  let part: String
  let learned: Learned
  /// The samples in words, for messages.
  let text: String

  /// The message that describes the samples.
  var line: String { "evaluated on \(text)" }

  /// Describes the test part of the data, or all of their samples.
  init(ownParts name: String, train: Int, test: Int, all: Bool) {
    if all {
      (part, learned) = ("all", .some)
      text = "all \(NumberFormat.grouped(train + test)) samples of \(name), those of its training part among them"
    } else {
      (part, learned) = ("test", .none)
      text = "the test part of \(name): \(NumberFormat.grouped(test)) samples, none of its training part"
    }
  }

  /// Describes the data that the network was trained on, or their test part.
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

  /// Describes other data than those of training, or data of a model without a record of its training data.
  init(others name: String, isRecorded: Bool) {
    (part, learned) = ("all", .unknown)
    text =
      isRecorded
      ? "all samples of \(name), which are not the very data of training; those that both have are evaluated too"
      : "all samples of \(name); the model's file does not say whether the network learned from them"
  }
}
