import Foundation
import MoultCore
import MoultDownloads
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct DownloaderTests {
  /// Content that does not shrink to nothing, so that there is something to break.
  static let content: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 &* $0 &* 2_654_435_761) >> 13) }
  /// The SHA-256 is that of `content`, as Python's hashlib gives it.
  static let file = RemoteFile(
    name: "digits", byteCount: content.count,
    sha256: "cbc09fb0f1858fd11bb652b100f158eb920c5c6a4be247581ed8be7a265b3f3b")

  private static func packed() throws -> [UInt8] { try Gzip.compress(content) }

  private func withServer(
    _ resources: [String: LoopbackServer.Resource], _ body: (LoopbackServer, String) throws -> Void
  ) throws {
    let server = try LoopbackServer(resources)
    defer { server.stop() }
    try withTemporaryFolder { folder in try body(server, folder + "/cache/mnist") }
  }

  private func fetch(_ server: LoopbackServer, _ folder: String, _ paths: [String] = [""]) throws(MoultError) {
    try Downloader(directory: folder, mirrors: paths.map { server.address + $0 }, idleSeconds: 10).fetch([Self.file])
  }

  private func visible(_ folder: String) throws -> [String] { try names(in: folder).filter { $0 != ".lock" } }

  @Test func aFileIsFetchedOnceAndKept() throws {
    try withServer(["/digits.gz": .init(body: try Self.packed())]) { server, folder in
      try fetch(server, folder)
      try expectEqual(visible(folder), ["digits.gz"])
      try expectEqual(Gzip.decompress(try contents(folder + "/digits.gz"), limit: .max), Self.content)
      try fetch(server, folder)
      expectEqual(server.requests.count, 1)
    }
  }

  @Test func aBrokenDownloadGoesOnWhereItStopped() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed, breaks: [1000, 50_000])]) { server, folder in
      try fetch(server, folder)
      try expectEqual(contents(folder + "/digits.gz"), packed)
      expectEqual(server.requests.map(\.range), [nil, "bytes=1000-", "bytes=51000-"])
      expectEqual(server.requests.map(\.ifRange), [nil, "\"v1\"", "\"v1\""])
      try expectEqual(visible(folder), ["digits.gz"])
    }
  }

  @Test func theNextRunGoesOnToo() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed, breaks: [100, 100, 100, 100, 100, 100])]) { server, folder in
      let error = try moultError { try fetch(server, folder) }
      expectTrue(error.message.contains("the connection broke 6 times"))
      try expectEqual(visible(folder), ["digits.incomplete", "digits.incomplete.source"])
      try fetch(server, folder)
      expectEqual(server.requests.last?.range, "bytes=600-")
      try expectEqual(contents(folder + "/digits.gz"), packed)
      try expectEqual(visible(folder), ["digits.gz"])
    }
  }

  @Test func anotherVersionOnTheServerBeginsAnew() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed, breaks: [100, 100, 100, 100, 100, 100])]) { server, folder in
      #expect(throws: MoultError.self) { try fetch(server, folder) }
      server.set(.init(body: packed, entityTag: "\"v2\""), at: "/digits.gz")
      try fetch(server, folder)
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  @Test func aServerWithoutVersionsOrRangesBeginsAnew() throws {
    let packed = try Self.packed()
    for resource in [
      LoopbackServer.Resource(body: packed, entityTag: nil, breaks: [1000]),
      LoopbackServer.Resource(body: packed, entityTag: "W/\"weak\"", breaks: [1000]),
      LoopbackServer.Resource(body: packed, breaks: [1000], answersRanges: false),
    ] {
      try withServer(["/digits.gz": resource]) { server, folder in
        try fetch(server, folder)
        try expectEqual(contents(folder + "/digits.gz"), packed)
        expectEqual(server.requests.count, 2)
        // Without a strong version there is nothing to tell whether the rest belongs to what is there.
        if resource.entityTag != "\"v1\"" { expectEqual(server.requests.map(\.range), [nil, nil]) }
      }
    }
  }

  @Test func anAnswerWithOtherBytesThanAskedForIsRefused() throws {
    let packed = try Self.packed()
    try withServer([
      "/bad/digits.gz": .init(body: packed, breaks: [1000], rangeShift: 1), "/good/digits.gz": .init(body: packed),
    ]) { server, folder in
      try fetch(server, folder, ["bad", "good"])
      expectEqual(server.requests.map(\.range), [nil, "bytes=1000-", nil])
      expectEqual(server.requests.map(\.path), ["/bad/digits.gz", "/bad/digits.gz", "/good/digits.gz"])
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  @Test func halvesThatDoNotBelongTogetherAreFetchedAnew() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed)]) { server, folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try place([UInt8](repeating: 7, count: 500), at: folder + "/digits.incomplete")
      try place(Array("\(server.address)digits.gz\n\"v1\"\n".utf8), at: folder + "/digits.incomplete.source")
      try fetch(server, folder)
      expectEqual(server.requests.map(\.range), ["bytes=500-", nil])
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  @Test func anIncompleteFileLongerThanTheRealOneIsDropped() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed)]) { server, folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try place([UInt8](repeating: 7, count: packed.count), at: folder + "/digits.incomplete")
      try place(Array("\(server.address)digits.gz\n\"v1\"\n".utf8), at: folder + "/digits.incomplete.source")
      try fetch(server, folder)
      expectEqual(server.requests.map(\.range), ["bytes=\(packed.count)-", nil])
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  @Test func theNextMirrorIsAskedAfterA404AWrongChecksumAndALie() throws {
    let packed = try Self.packed()
    try withServer([
      "/wrong/digits.gz": .init(body: try Gzip.compress(Self.content.reversed())),
      "/text/digits.gz": .init(body: Array("<html>moved</html>".utf8)),
      "/cut/digits.gz": .init(body: Array(packed.dropLast(100))),
      "/huge/digits.gz": .init(body: packed, declaredLength: 1 << 40),
      "/good/digits.gz": .init(body: packed),
    ]) { server, folder in
      try fetch(server, folder, ["none", "wrong", "text", "cut", "huge", "good"])
      expectEqual(
        server.requests.map(\.path), ["none", "wrong", "text", "cut", "huge", "good"].map { "/\($0)/digits.gz" })
      try expectEqual(contents(folder + "/digits.gz"), packed)
      try expectEqual(visible(folder), ["digits.gz"])
    }
  }

  @Test func theErrorSaysWhatWasTriedAndWhatToDo() throws {
    try withServer([
      "/wrong/digits.gz": .init(body: try Gzip.compress([1, 2, 3])), "/down/digits.gz": .init(status: 503),
    ]) { server, folder in
      let error = try moultError { try fetch(server, folder, ["none", "wrong/", "down"]) }
      expectEqual(error.exitCode, 66)
      expectEqual(error.location, folder)
      for part in [
        "digits could not be downloaded", "\(server.address)none/digits.gz (HTTP 404)",
        "wrong/digits.gz (wrong checksum",
        "down/digits.gz (HTTP 503)", "put the IDX files in this folder by hand",
      ] {
        expectTrue(error.message.contains(part), "\(error.message)")
      }
      try expectEqual(visible(folder), [])
    }
  }

  @Test func withoutANetworkTheErrorComesAtOnce() throws {
    let server = try LoopbackServer()
    server.stop()
    try withTemporaryFolder { folder in
      let error = try moultError { try fetch(server, folder) }
      expectTrue(error.message.contains(server.address))
      expectTrue(error.message.contains("Check the network"))
      try expectEqual(visible(folder), [])
    }
  }

  @Test func aRedirectionIsFollowedWithinHTTPOnly() throws {
    let packed = try Self.packed()
    try withServer([
      "/moved/digits.gz": .init(status: 302, headers: ["Location: /good/digits.gz"]),
      "/file/digits.gz": .init(status: 302, headers: ["Location: file:///etc/passwd"]),
      "/good/digits.gz": .init(body: packed),
    ]) { server, folder in
      #expect(throws: MoultError.self) { try fetch(server, folder, ["file"]) }
      try expectEqual(visible(folder), [])
      try fetch(server, folder, ["moved"])
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  @Test func otherAddressesAreNotOpened() throws {
    try withTemporaryFolder { folder in
      try place(try Self.packed(), at: folder + "/digits.gz")
      let error = try moultError {
        try Downloader(directory: folder + "/cache", mirrors: ["file://\(folder)/", "no address"]).fetch([Self.file])
      }
      expectTrue(error.message.contains("expected an http or https address"))
    }
  }

  @Test func aDamagedFileInTheCacheIsFetchedAgain() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed)]) { server, folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try place(Array(packed.dropLast()), at: folder + "/digits.gz")
      try fetch(server, folder)
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  @Test func whatTheServerHasUnpackedIsTakenAsItIs() throws {
    try withServer(["/digits.gz": .init(body: Self.content)]) { server, folder in
      try fetch(server, folder)
      try expectEqual(contents(folder + "/digits"), Self.content)
      try fetch(server, folder)
      expectEqual(server.requests.count, 1)
    }
  }

  @Test func aFolderThatCannotBeMadeIsReported() throws {
    try withTemporaryFolder { folder in
      try place([1], at: folder + "/file")
      let error = try moultError {
        try Downloader(directory: folder + "/file/cache", mirrors: []).fetch([Self.file])
      }
      expectEqual(error.exitCode, 74)
      expectEqual(error.cause, "Not a directory")
    }
  }

  @Test func aWrongFileThatWouldBeReadBeforeTheRightOneIsSetAside() throws {
    let packed = try Self.packed()
    for isPackedThere in [true, false] {
      try withServer(["/digits.gz": .init(body: packed)]) { server, folder in
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try place(Self.content.reversed(), at: folder + "/digits")
        if isPackedThere { try place(packed, at: folder + "/digits.gz") }
        try fetch(server, folder)
        expectEqual(server.requests.count, isPackedThere ? 0 : 1)
        try expectEqual(visible(folder), ["digits.damaged", "digits.gz"])
        try expectEqual(contents(folder + "/digits.gz"), packed)
      }
    }
  }

  @Test func aFolderInWhichAllIsRightIsNotWrittenTo() throws {
    try withServer([:]) { server, folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try place(try Self.packed(), at: folder + "/digits.gz")
      try fetch(server, folder)
      try expectEqual(names(in: folder), ["digits.gz"])
    }
  }

  /// An error of the checksum says nothing about the file: it keeps its name and its content.
  @Test func anErrorOfTheChecksumLeavesAFileAsItIs() throws {
    let packed = try Self.packed()
    try withServer(["/digits.gz": .init(body: packed)]) { server, folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try place(packed, at: folder + "/digits.gz")
      let error = try moultError { try fetchWithoutChecksum(server, folder, [""]) }
      expectEqual(error, Self.noChecksum)
      expectTrue(server.requests.isEmpty)
      try expectEqual(names(in: folder), ["digits.gz"])
      try expectEqual(contents(folder + "/digits.gz"), packed)
    }
  }

  /// No other mirror could help, and what was fetched is not cut.
  @Test func anErrorOfTheChecksumEndsADownloadAndKeepsItsBytes() throws {
    let packed = try Self.packed()
    try withServer(["/first/digits.gz": .init(body: packed), "/second/digits.gz": .init(body: packed)]) {
      server, folder in
      let error = try moultError { try fetchWithoutChecksum(server, folder, ["first", "second"]) }
      expectEqual(error, Self.noChecksum)
      expectEqual(server.requests.map(\.path), ["/first/digits.gz"])
      try expectEqual(visible(folder), ["digits.incomplete", "digits.incomplete.source"])
      try expectEqual(contents(folder + "/digits.incomplete"), packed)
    }
  }

  private static let noChecksum = MoultError(.failure, "no program computes checksums")

  private func fetchWithoutChecksum(
    _ server: LoopbackServer, _ folder: String, _ paths: [String]
  ) throws(MoultError) {
    let downloader = Downloader(
      directory: folder, mirrors: paths.map { server.address + $0 }, idleSeconds: 10,
      checksum: { (_: [UInt8]) throws(MoultError) -> String in throw Self.noChecksum })
    try downloader.fetch([Self.file])
  }
}
