/// The description of a command in the JSON of the argument parser, as far as the manual page needs it.
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

      /// The name as it is typed: `-h` or `--help`.
      var text: String { (kind == "long" ? "--" : "-") + name }
    }
  }

  /// The displayed arguments, without `--help` and `--version`, which every command has.
  var ownArguments: [Argument] {
    (arguments ?? []).filter { argument in
      argument.shouldDisplay && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
    }
  }

  /// The subcommands, without the parser's own `help`.
  var verbs: [CommandHelp] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
}
