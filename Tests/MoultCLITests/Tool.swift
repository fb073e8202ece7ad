import Foundation
import MoultPlatform
import MoultTestSupport
import Testing

/// Runs the built `moult`, the very program that users run.
enum Tool {
  /// What a run left behind.
  struct Result {
    let status: Int32
    let output: Data
    let error: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The lines of standard output as JSON objects.
    func json() throws -> [[String: Any]] {
      try lines.map { line in
        try unwrapped(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
    }
  }

  /// The program lies in the folder of the test program, or in one above it where tests are bundles.
  static func path() throws -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: own).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("moult").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    throw Missing(text: "no moult beside \(own)")
  }

  /// A process with a known environment, ready to start. It uses one thread, since the tests themselves run at once.
  ///
  /// - Parameter program: another program to run, such as a shell; `moult` is in its PATH.
  static func process(
    _ arguments: [String], program: String? = nil, environment: [String: String] = [:], folder: String? = nil
  ) throws -> Process {
    let process = Process()
    let path = try path()
    process.executableURL = URL(fileURLWithPath: program ?? path)
    process.arguments = arguments
    process.environment = [
      "PATH": (path as NSString).deletingLastPathComponent + ":/usr/bin:/bin", "HOME": "/nonexistent",
      "LANG": "C.UTF-8", "TERM": "xterm-256color", "MOULT_THREADS": "1",
    ].merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs the program to its end. The streams go through files, which never fill up.
  static func run(
    _ arguments: [String], program: String? = nil, environment: [String: String] = [:], folder: String? = nil,
    input: String? = nil
  ) throws -> Result {
    try withFolder { scratch in
      let process = try process(arguments, program: program, environment: environment, folder: folder)
      func file(_ name: String, _ content: String = "") throws -> FileHandle {
        let path = scratch + "/" + name
        try content.write(toFile: path, atomically: false, encoding: .utf8)
        return try unwrapped(FileHandle(forUpdatingAtPath: path))
      }
      let handles = (
        output: try file("output"), error: try file("error"), input: try input.map { try file("input", $0) }
      )
      // The watchdog keeps the process for minutes, and with over a thousand open files Foundation cannot start others.
      defer { for handle in [handles.output, handles.error, handles.input] { try? handle?.close() } }
      if let input = handles.input { process.standardInput = input }
      process.standardOutput = handles.output
      process.standardError = handles.error
      try process.run()
      let watchdog = watchdog(process, seconds: patience)
      process.waitUntilExit()
      watchdog.cancel()
      return Result(
        status: status(process), output: try Data(contentsOf: URL(fileURLWithPath: scratch + "/output")),
        error: try String(contentsOfFile: scratch + "/error", encoding: .utf8))
    }
  }

  /// Seconds after which a run is a hang: far more than any takes.
  private static let patience = 300.0

  /// Kills the program if it runs for longer than that, so that no test waits for ever.
  static func watchdog(_ process: Process, seconds: Double) -> DispatchWorkItem {
    let item = DispatchWorkItem { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: item)
    return item
  }

  /// The exit status as a shell reports it.
  static func status(_ process: Process) -> Int32 {
    process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }

  /// Runs `body` with a folder that is gone afterwards.
  static func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moult-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private struct Missing: Error {
    let text: String
  }
}
