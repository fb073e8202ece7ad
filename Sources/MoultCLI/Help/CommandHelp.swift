/// A command by the argument parser's JSON: the part that a manual page needs.
struct CommandHelp: Decodable {
  let commandName: String
  let abstract: String?
  let discussion: String?
  let subcommands: [CommandHelp]?
  let arguments: [Argument]?
  let shouldDisplay: Bool

  /// An option, a flag or a positional argument.
  struct Argument: Decodable, Equatable {
    let kind: Kind
    let names: [Name]?
    let valueName: String?
    let abstract: String?
    let defaultValue: String?
    let allValues: [String]?
    let sectionTitle: String?
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool

    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable, Equatable {
      let kind: String
      let name: String

      /// As it is written: `-h` or `--help`.
      var text: String { (kind == "long" ? "--" : "-") + name }
    }
  }

  /// The arguments that help shows, without `--help` and `--version`, which every command has.
  var ownArguments: [Argument] {
    (arguments ?? []).filter { argument in
      argument.shouldDisplay && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
    }
  }

  /// The verbs below, without the parser's own `help`.
  var verbs: [CommandHelp] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
}
