import Moult

/// Which samples a network is judged by, and what it had to do with them.
struct JudgedSamples {
  /// Whether the network learned from them.
  enum Learned: String { case none, some, unknown }

  /// `test` or `all`, as JSON has it.
  let part: String
  let learned: Learned
  /// For people, without the line's beginning.
  let text: String

  /// The line that says so.
  var line: String { "judged by \(text)" }

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
  init(sameAs problem: LearningProblem, name: String, all: Bool) {
    let (test, train) = (problem.test.count, problem.train.count)
    let validation = problem.isValidatedOnTest ? 0 : problem.validation.count
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

  /// Other data than those of training, or data that cannot be told.
  init(others name: String, of model: SavedModel) {
    (part, learned) = ("all", .unknown)
    text =
      model.data == nil
      ? "all samples of \(name); the model's file does not say whether the network learned from them"
      : "all samples of \(name), which are not the very data of training; those that both have are judged too"
  }
}
