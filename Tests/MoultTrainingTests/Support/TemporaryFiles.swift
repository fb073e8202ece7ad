import Foundation
import Testing

/// Runs `body` with the path of a fresh folder that is gone afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("moult-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// The bytes of a file.
func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

/// Writes a file the plain way, for tests that need one to be there.
func place(_ bytes: [UInt8], at path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

/// The names in a folder, hidden ones too.
func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// The path of a known answer.
func reference(_ path: String, file: String = #filePath) -> String {
  var folder = URL(fileURLWithPath: file)
  while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
  return folder.appendingPathComponent("Reference/" + path).path
}
