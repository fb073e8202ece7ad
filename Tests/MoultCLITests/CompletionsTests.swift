import Foundation
import MoultTestSupport
import Testing

@Suite struct CompletionsTests {
  @Test(arguments: ["bash", "zsh", "fish"]) func everyShellGetsAScript(shell: String) throws {
    let result = try Tool.run(["completions", shell])
    expectEqual(result.status, 0)
    expectTrue(result.error.isEmpty)
    expectTrue(!result.output.contains(0x1B))
    expectTrue(result.text.hasSuffix("\n"))
    for word in ["train", "doctor", "gaussian-dropout", "srivastava-mnist"] { expectTrue(result.text.contains(word)) }
  }

  @Test func aShellIsNeeded() throws {
    try expectEqual(Tool.run(["completions"]).status, 64)
    try expectEqual(Tool.run(["completions", "tcsh"]).status, 64)
  }

  @Test(arguments: [
    (["moult", "tr"], "train"), (["moult", "bench", "mat"], "matmul"), (["moult", "train", "--dropo"], "--dropout"),
    (["moult", "train", "--variant", "gaussian-d"], "gaussian-dropout"), (["moult", "train", "hou"], "houses.csv"),
    (["moult", "predict", "runs"], "runs"), (["moult", "train", "--out", "ru"], "runs"),
    (["moult", "train", "--config", "se"], "settings.json"), (["moult", "completions", "fi"], "fish"),
  ])
  func bashCompletes(words: [String], expected: String) throws {
    guard FileManager.default.isExecutableFile(atPath: "/bin/bash") else { return }  // no bash, nothing to complete
    try Tool.withFolder { folder in
      for file in ["houses.csv", "settings.json"] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(file)")) }
      try FileManager.default.createDirectory(atPath: folder + "/runs", withIntermediateDirectories: false)
      // What bash does when the key is pressed.
      let script = """
        source <(moult completions bash)
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        function=$(complete -p moult | sed -E 's/.*-F ([^ ]+).*/\\1/')
        "$function" moult "${@: -1}" "${@: -2:1}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let result = try Tool.run(["-c", script, "bash"] + words, program: "/bin/bash", folder: folder)
      expectTrue(
        result.lines.map { $0.trimmingCharacters(in: .whitespaces) }.contains(expected), "\(result.text)\(result.error)"
      )
    }
  }
}
