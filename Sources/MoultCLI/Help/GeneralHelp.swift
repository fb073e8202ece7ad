/// The general texts of `moult --help` and of the manual page.
enum GeneralHelp {
  /// A name and its description.
  typealias Entry = (name: String, text: String)

  /// The first commands to try. Lines that begin with two spaces are commands; Scripts/check_help runs them.
  static let firstSteps = """
    Start with the bundled handwritten digits; no download is needed:

      moult explain                  what dropout does, step by step
      moult train --out runs/first   the network with dropout, about 96 % right
      moult train --dropout 0        the same without, to see the difference
      moult compare                  both with several seeds: did dropout help?
      moult train --list-variants    the family; --variant NAME trains with one
      moult inspect runs/first/model.safetensors
      moult doctor runs/first        what goes wrong with dropout in it
      moult reproduce                experiments of papers, beside their figures
    """

  static let streams = """
    Results and JSON go to standard output, progress and messages to standard error. With --json every result is one \
    JSON object per line with a "schema" field.
    """

  static let exitCodes: [Entry] = [
    ("0", "done"), ("1", "failure (or the doctor found something)"), ("3", "training diverged"), ("64", "wrong usage"),
    ("65", "bad data"), ("66", "no such input"), ("74", "cannot write"),
    ("130, 138 and 143", "interrupted by Ctrl-C, SIGUSR1 or a termination request (after saving)"),
  ]

  static let environment: [Entry] = [
    ("MOULT_THREADS", "threads, as --threads"), ("MOULT_CACHE", "where downloads go"),
    ("MOULT_ISA", "portable, avx2, avx512: lowers the instruction set"),
    ("NO_COLOR", "anything: no escape sequences"),
  ]

  /// The files of a run folder, and the cache folder.
  static let files: [Entry] = [
    ("model.safetensors", "the weights and all that predicting needs, which PyTorch and others read"),
    ("config.json", "all settings, which --config takes"), ("metrics.jsonl", "one line for each epoch"),
    ("metrics.csv", "the same as a table"), ("events.tfevents", "the same for TensorBoard"),
    ("report.html", "charts and figures in one page, and each chart as an .svg file"),
    ("checkpoint.safetensors", "of a run that was interrupted: where --resume goes on"),
    ("~/.cache/moult", "downloads, unless MOULT_CACHE or XDG_CACHE_HOME say another place"),
  ]

  /// The text of `moult --help` between its first line and the usage.
  static var discussion: String {
    let codes = exitCodes.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
    let variables = environment.map { "\($0.name) (\($0.text))" }.joined(separator: ", ")
    return """
      \(firstSteps)

      \(streams)

      Exit codes: \(codes).

      Environment: \(variables).
      """
  }
}
