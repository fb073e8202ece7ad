import ArgumentParser
import Moult

/// The command `moult man`: prints the manual page.
struct Man: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the manual page: all verbs and options on one page.",
    discussion: """
        moult man | man -l -
        moult man > ~/.local/share/man/man1/moult.1
      """)

  func run() throws {
    try Console.part(try ManualPage.text(of: MoultTool._dumpHelp()))
  }
}
