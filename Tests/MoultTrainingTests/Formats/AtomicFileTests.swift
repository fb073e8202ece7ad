import Foundation
import MoultCore
import MoultPlatform
import MoultTraining
import Synchronization
import MoultTestSupport
import Testing

/// The real calls, of which the one with number `failing` fails.
private final class FaultyFileSystem: FileSystem, Sendable {
  enum Fault: Sendable { case error(Int32), shortWrites }

  let failing: Int
  let fault: Fault
  let calls = Mutex<[String]>([])
  private let system = SystemFileSystem()

  init(failing: Int = -1, fault: Fault = .shortWrites) {
    self.failing = failing
    self.fault = fault
  }

  private func count(_ name: String) throws(SystemCallError) {
    let number = calls.withLock { calls in
      calls.append(name)
      return calls.count - 1
    }
    if case .error(let code) = fault, number == failing { throw SystemCallError(code) }
  }

  func createFile(_ path: String) throws(SystemCallError) -> Int32 {
    try count("create")
    return try system.createFile(path)
  }
  func openFolder(_ path: String) throws(SystemCallError) -> Int32 {
    try count("folder")
    return try system.openFolder(path)
  }
  func openStream(_ path: String) throws(SystemCallError) -> Int32 {
    try count("stream")
    return try system.openStream(path)
  }
  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> Int {
    try count("write")
    if case .shortWrites = fault {
      return try system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<max(1, bytes.count / 2)]))
    }
    return try system.write(descriptor, bytes)
  }
  func synchronize(_ descriptor: Int32) throws(SystemCallError) {
    try count("synchronize")
    try system.synchronize(descriptor)
  }
  func close(_ descriptor: Int32) throws(SystemCallError) {
    // A close that fails has closed all the same.
    try system.close(descriptor)
    try count("close")
  }
  func rename(_ path: String, to newPath: String) throws(SystemCallError) {
    try count("rename")
    try system.rename(path, to: newPath)
  }
  func remove(_ path: String) throws(SystemCallError) {
    try count("remove")
    try system.remove(path)
  }
}

@Suite struct AtomicFileTests {
  static let old: [UInt8] = Array("the old file".utf8)
  static let new: [UInt8] = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

  private func write(to path: String, _ fileSystem: FaultyFileSystem) throws(MoultError) {
    try AtomicFile.write(to: path, fileSystem: fileSystem) { file throws(MoultError) in
      try file.write(Array(Self.new[..<600]))
      try file.write(Array(Self.new[600...]))
    }
  }

  @Test func theCallsComeInTheOrderThatSurvivesACrash() throws {
    try withTemporaryFolder { folder in
      let fileSystem = FaultyFileSystem(failing: -1, fault: .error(0))
      try write(to: "\(folder)/file", fileSystem)
      expectEqual(
        fileSystem.calls.withLock { $0 },
        [
          "folder", "create", "write", "write", "synchronize", "close", "rename", "synchronize", "close",
        ])
    }
  }

  @Test(arguments: 0..<7, [EIO, ENOSPC])
  func aFailureBeforeTheRenameLeavesTheOldFileAndNothingElse(index: Int, code: Int32) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      try place(Self.old, at: path)
      let error = try moultError { try write(to: path, FaultyFileSystem(failing: index, fault: .error(code))) }
      expectEqual(error.exitCode, 74)
      expectEqual(error.cause, SystemCallError(code).text)
      expectEqual(error.location, path)
      try expectEqual(contents(path), Self.old)
      try expectEqual(names(in: folder), ["file"])
    }
  }

  @Test(arguments: 0..<7)
  func aFailureWithoutAnOldFileLeavesNothing(index: Int) throws {
    try withTemporaryFolder { folder in
      #expect(throws: MoultError.self) {
        try write(to: "\(folder)/file", FaultyFileSystem(failing: index, fault: .error(EIO)))
      }
      let left = try names(in: folder)
      expectEqual(left, [])
    }
  }

  @Test func aFolderThatIsNotWrittenOutIsReportedWithTheNewFileInPlace() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      try place(Self.old, at: path)
      let error = try moultError { try write(to: path, FaultyFileSystem(failing: 7, fault: .error(EIO))) }
      expectTrue(error.message.contains("may not outlive a crash"))
      try expectEqual(contents(path), Self.new)
      try expectEqual(names(in: folder), ["file"])
    }
  }

  @Test func shortWritesAreContinued() throws {
    try withTemporaryFolder { folder in
      let fileSystem = FaultyFileSystem(fault: .shortWrites)
      try write(to: "\(folder)/file", fileSystem)
      try expectEqual(contents("\(folder)/file"), Self.new)
      expectGreater(fileSystem.calls.withLock { $0.count(where: { $0 == "write" }) }, 10)
    }
  }

  @Test func aNameThatIsTakenIsNotTouched() throws {
    // Every temporary name is taken: after some tries it gives up, and the other's file is as it was.
    try withTemporaryFolder { folder in
      let error = try moultError {
        try AtomicFile.write(to: "\(folder)/file", fileSystem: NoFreeName()) { file throws(MoultError) in }
      }
      expectEqual(error.cause, "File exists")
      try expectEqual(names(in: folder), [])
    }
  }

  private struct NoFreeName: FileSystem {
    func createFile(_ path: String) throws(SystemCallError) -> Int32 { throw SystemCallError(EEXIST) }
    func openFolder(_ path: String) throws(SystemCallError) -> Int32 { try SystemFileSystem().openFolder(path) }
    func openStream(_ path: String) throws(SystemCallError) -> Int32 { try SystemFileSystem().openStream(path) }
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> Int { bytes.count }
    func synchronize(_ descriptor: Int32) throws(SystemCallError) {}
    func close(_ descriptor: Int32) throws(SystemCallError) { try SystemFileSystem().close(descriptor) }
    func rename(_ path: String, to newPath: String) throws(SystemCallError) {}
    func remove(_ path: String) throws(SystemCallError) { Issue.record("removed \(path), which is another's") }
  }

  @Test func whatTheBodyThrowsLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/file"
      try place(Self.old, at: path)
      let error = try moultError {
        try AtomicFile.write(to: path) { file throws(MoultError) in
          try file.write(Self.new)
          throw MoultError(.failure, "changed my mind")
        }
      }
      expectEqual(error.message, "changed my mind")
      try expectEqual(contents(path), Self.old)
      try expectEqual(names(in: folder), ["file"])
    }
  }

  @Test(arguments: ["", "folder/", "a\0b"])
  func whatIsNoPathOfAFileIsRefused(path: String) throws {
    #expect(throws: MoultError.self) { try AtomicFile.write(Self.new, to: path) }
  }

  @Test func aMissingFolderIsNamed() throws {
    let error = try moultError { try AtomicFile.write(Self.new, to: "/no/such/folder/file") }
    expectTrue(error.message.contains("/no/such/folder"))
    expectEqual(error.cause, "No such file or directory")
  }

  @Test func aFolderInTheWayIsReported() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/taken", withIntermediateDirectories: false)
      #expect(throws: MoultError.self) { try AtomicFile.write(Self.new, to: "\(folder)/taken") }
      try expectEqual(names(in: folder), ["taken"])
    }
  }

  @Test func aLinkIsFollowed() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/other", withIntermediateDirectories: false)
      try place(Self.old, at: "\(folder)/other/file")
      try #require(symlink("other/file", "\(folder)/link") == 0)
      try AtomicFile.write(Self.new, to: "\(folder)/link")
      try expectEqual(contents("\(folder)/other/file"), Self.new)
      try expectEqual(FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link"), "other/file")
    }
  }

  @Test func aPipeTakesTheBytesAndStays() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/pipe"
      try #require(mkfifo(path, 0o600) == 0)
      let reader = open(path, O_RDONLY | O_NONBLOCK)
      try #require(reader >= 0)
      defer { close(reader) }
      let fileSystem = FaultyFileSystem(fault: .error(0))
      try write(to: path, fileSystem)
      var bytes = [UInt8](repeating: 0, count: 2_000)
      let count = read(reader, &bytes, bytes.count)
      expectEqual(Array(bytes.prefix(max(count, 0))), Self.new)
      try expectEqual(names(in: folder), ["pipe"])
      expectEqual(fileSystem.calls.withLock { $0 }, ["stream", "write", "write", "close"])
      let error = try moultError { try write(to: path, FaultyFileSystem(failing: 0, fault: .error(EACCES))) }
      expectTrue(error.exitCode == 74 && error.location == path)
    }
  }

  @Test func aFullDiskIsReported() throws {
    // /dev/full takes no byte. Only the write is asked for: were it ever renamed onto, this machine would lose it.
    guard let full = try? SystemFileSystem().openFolder("/dev") else { return }
    try SystemFileSystem().close(full)
    let descriptor = open("/dev/full", O_WRONLY)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    #expect(throws: SystemCallError(ENOSPC)) {
      _ = try Self.new.withUnsafeBytes { try SystemFileSystem().write(descriptor, $0) }
    }
  }

  @Test func longNamesFit() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/\(String(repeating: "n", count: 250))"
      try AtomicFile.write(Self.new, to: path)
      try expectEqual(contents(path), Self.new)
    }
  }
}
