import ArgumentParser
import Moult

/// The arguments of `predict` and `evaluate` for the trained model and the data.
struct ModelAndData: ParsableArguments {
  @Argument(help: "A run folder, or a model file of 'moult train'.", completion: .file())
  var model: String

  @Argument(
    help: "A table, or - for one from standard input; for a model of images or arrays what 'train' takes.",
    completion: .file())
  var data: String

  @Option(help: ArgumentHelp("Passes with dropout on; 0 for one with dropout off.", valueName: "count"))
  var samples = 100

  @Option(
    help: ArgumentHelp(
      "What separates the fields of a table. Default: as given at training, else what its first line suggests.",
      valueName: "kind"))
  var delimiter: DelimiterName?

  func check() throws { try expect((0...100_000).contains(samples), "samples", "0 to 100000", got: samples) }

  /// Predicts a batch with the number of passes and the seed in the options.
  func predictions(_ batch: SampleSource.Batch, _ model: LoadedModel, _ common: CommonOptions) throws(MoultError)
    -> [RowPrediction]
  {
    try model.trained.predict(batch.inputs, passes: samples, seed: common.seed, firstRow: batch.first)
  }

  /// Reads the model and opens the data.
  func opened(_ common: CommonOptions, for use: SampleSource.Use) throws(MoultError) -> (LoadedModel, SampleSource) {
    let model = try LoadedModel(model)
    let source = try SampleSource(data, for: model.described, use: use, delimiter: delimiter, common: common)
    if let extra = source.encoder?.extraNames, !extra.isEmpty {
      common.message(
        "note: \(extra.count == 1 ? "a column" : "\(extra.count) columns") of no use passed over: "
          + extra.prefix(8).joined(separator: ", ") + (extra.count > 8 ? ", ..." : ""))
    }
    return (model, source)
  }
}

extension SampleSource {
  /// Messages about values of the table that the model does not know.
  var notes: [String] {
    guard let encoder else { return [] }
    var notes: [String] = []
    for (index, column) in encoder.encoding.columns.enumerated() {
      let (unknown, missing) = (encoder.unknownCounts[index], encoder.unexpectedMissingCounts[index])
      if unknown > 0 {
        notes.append(
          "note: \(column.name): \(NumberFormat.grouped(unknown)) values that training had not, or too seldom")
      }
      if missing > 0 {
        let what = if case .number = column.form { "taken as the mean" } else { "taken as none of its values" }
        notes.append(
          "note: \(column.name): \(NumberFormat.grouped(missing)) missing values, as training had none; \(what)")
      }
    }
    return notes
  }
}
