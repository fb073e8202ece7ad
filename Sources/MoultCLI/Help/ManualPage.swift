import ArgumentParser
import Moult

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The manual page. It is made from the texts of `--help`, so that the two always agree.
struct ManualPage {
  private let tool: CommandHelp
  /// The names of the options that most verbs have; they are described once.
  private let common: [String]
  private var page = Roff()

  /// Returns the manual page in roff.
  ///
  /// - Parameter tool: The JSON of the argument parser that describes the tool and all its verbs.
  /// - Throws: `.failure` if the JSON has another structure.
  static func text(of tool: String) throws(MoultError) -> String {
    var manual = ManualPage(
      tool: try read(tool), common: try read(CommonOptions._dumpHelp()).ownArguments.map(Self.name))
    manual.write()
    return manual.page.text
  }

  private init(tool: CommandHelp, common: [String]) { (self.tool, self.common) = (tool, common) }

  private static func read(_ json: String) throws(MoultError) -> CommandHelp {
    struct Dump: Decodable { let command: CommandHelp }
    do {
      return try JSONDecoder().decode(Dump.self, from: Data(json.utf8)).command
    } catch {
      throw MoultError(.failure, "cannot read what the argument parser says of the commands; 'moult --help' shows them")
    }
  }

  private mutating func write() {
    page.macro("TH", "MOULT", "1", "", "moult \(ToolVersion.text)", "User Commands")
    page.macro("SH", "NAME")
    page.line("moult - " + Self.lowercasedFirst(tool.abstract ?? ""))
    page.macro("SH", "SYNOPSIS")
    page.macro("B", "moult")
    page.line("VERB [OPTIONS]")
    page.macro("SH", "DESCRIPTION")
    page.line(GeneralHelp.streams)
    page.macro("PP")
    page.line("'moult help VERB' shows a part of this page.")
    page.macro("SH", "VERBS")
    for verb in tool.verbs { write(verb, path: "moult") }
    page.macro("SH", "COMMON OPTIONS")
    page.line("The verbs take these too, except those that only print a text.")
    if let info = tool.verbs.first(where: { $0.commandName == "info" }) {
      for argument in info.ownArguments where isCommon(argument) { write(argument) }
    }
    page.macro("SH", "EXIT STATUS")
    for code in GeneralHelp.exitCodes { page.entry(code.name, code.text) }
    page.macro("SH", "ENVIRONMENT")
    for variable in GeneralHelp.environment { page.entry(variable.name, variable.text) }
    page.macro("SH", "FILES")
    page.line("A run folder, runs/<date>-<time>-seed<seed> or what --out says, holds the files down to the last entry.")
    for file in GeneralHelp.files { page.entry(file.name, file.text) }
    page.macro("SH", "EXAMPLES")
    page.discussion(GeneralHelp.firstSteps)
  }

  /// Writes a verb and its subcommands.
  private mutating func write(_ verb: CommandHelp, path: String) {
    let path = "\(path) \(verb.commandName)"
    page.macro("SS", path)
    page.line(verb.abstract ?? "")
    if verb.verbs.isEmpty {
      page.macro("PP")
      page.macro("B", path)
      page.line(Self.usage(verb.ownArguments))
    }
    if let discussion = verb.discussion { page.discussion(discussion) }
    for argument in verb.ownArguments where !isCommon(argument) { write(argument) }
    for inner in verb.verbs { write(inner, path: path) }
  }

  private mutating func write(_ argument: CommandHelp.Argument) {
    var text = argument.abstract ?? ""
    if let values = argument.allValues, !values.isEmpty, !values.allSatisfy(text.contains) {
      text += " One of \(values.joined(separator: ", "))."
    }
    if let value = argument.defaultValue { text += " Default: \(value)." }
    page.entry(Self.name(argument), text)
  }

  private func isCommon(_ argument: CommandHelp.Argument) -> Bool { common.contains(Self.name(argument)) }

  /// Returns the usage line of a verb, such as `[OPTIONS] DATA`.
  private static func usage(_ arguments: [CommandHelp.Argument]) -> String {
    let words = arguments.filter { $0.kind == .positional || !$0.isOptional && $0.kind == .option }.map { argument in
      let name = name(argument)
      return argument.isOptional ? "[\(name)]" : name
    }
    return (["[OPTIONS]"] + words).joined(separator: " ")
  }

  /// Returns the name of an argument: `--rate RATE`, `--report, --no-report` or `DATA`.
  private static func name(_ argument: CommandHelp.Argument) -> String {
    let value = (argument.valueName ?? "").uppercased()
    let names = (argument.names ?? []).map(\.text).joined(separator: ", ")
    switch argument.kind {
    case .positional: return value
    case .flag: return names
    case .option: return "\(names) \(value)"
    }
  }

  private static func lowercasedFirst(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
