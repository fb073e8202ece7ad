import Foundation
import Moult
import MoultTestSupport
import Testing

/// Files and runs that mistakes are made with; each is made once, when the first test asks for it.
enum GoldenFixtures {
  static func path(of name: String) throws -> String {
    switch name {
    case "houses.csv": try houses.get()
    case "other.npz": try arrays.get()
    case "houses-run": try housesRun.get()
    case "digits-run": try digitsRun.get()
    case "stopped-run": try stoppedRun.get()
    default: throw Unknown(name: name)
    }
  }

  struct Unknown: Error {
    let name: String
  }

  /// A folder that the system clears away some day: fixtures live as long as the process.
  private static let folder: String = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moult-fixtures-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }()

  /// Houses and flats with a size and a price.
  private static let houses = Result<String, any Error> {
    let rows = (0..<40).map {
      "\(40 + 3 * $0),\($0.isMultiple(of: 2) ? "house" : "flat"),\(100 + 7 * $0 + $0 * $0 % 11)"
    }
    let text = (["size,kind,price"] + rows).joined(separator: "\n") + "\n"
    try text.write(toFile: folder + "/houses.csv", atomically: true, encoding: .utf8)
    return folder + "/houses.csv"
  }

  /// Arrays under names that say nothing.
  private static let arrays = Result<String, any Error> {
    try NPZ.write(["images": .zeros([4, 2])], to: folder + "/other.npz")
    return folder + "/other.npz"
  }

  private static let housesRun = Result<String, any Error> {
    _ = try houses.get()
    return try trained(["houses.csv", "--target", "price"], "houses-run")
  }

  private static let digitsRun = Result<String, any Error> {
    try trained(["digits", "--model", "784-4-10", "--batch-size", "1000"], "digits-run")
  }

  private static func trained(_ options: [String], _ name: String) throws -> String {
    let arguments = ["train"] + options + ["--epochs", "1", "--no-report", "--out", name]
    let result = try Tool.run(arguments, folder: folder)
    try #require(result.status == 0, "\(result.error)")
    return "\(folder)/\(name)"
  }

  /// A run that a signal has ended after its first epoch.
  private static let stoppedRun = Result<String, any Error> {
    _ = try houses.get()
    let process = try Tool.process(
      [
        "train", "houses.csv", "--target", "price", "--epochs", "1000000", "--patience", "0", "--no-report", "--json",
        "--quiet", "--out", "stopped-run",
      ], folder: folder)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.contains("\"event\":\"epoch\"") {
      let bytes = output.fileHandleForReading.availableData
      try #require(!bytes.isEmpty, "the program ended: \(text)")
      text += String(decoding: bytes, as: UTF8.self)
    }
    process.interrupt()
    _ = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(Tool.status(process) == 130)
    return folder + "/stopped-run"
  }
}

extension Result where Failure == any Error {
  /// What `body` returns or throws, kept.
  fileprivate init(_ body: () throws -> Success) { self.init(catching: body) }
}
