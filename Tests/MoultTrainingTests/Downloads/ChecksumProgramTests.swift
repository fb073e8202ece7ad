#if !canImport(CryptoKit)
  import MoultCore
  import MoultDownloads
  import MoultPlatform
  import MoultTestSupport
  import Testing

  @Suite struct ChecksumProgramTests {
    static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func withoutAProgramTheErrorNamesThoseThatWereTried() throws {
      let error = try moultError {
        _ = try ChecksumProgram([["moult-no-such-sum"], ["moult-nor-this"]]).checksum(digits: 64)
      }
      expectTrue(error.message.contains("moult-no-such-sum or moult-nor-this"))
      expectEqual(error.cause, "No such file or directory")
      expectEqual(error.exitCode, 1)
    }

    @Test func theSecondProgramIsTakenWhereTheFirstIsMissing() throws {
      let program = ChecksumProgram([["moult-no-such-sum"], ["sha256sum"]])
      try expectEqual(program.checksum(digits: 64), Self.emptyDigest)
    }

    /// A signal would end the tests.
    @Test func aProgramThatEndsEarlyIsAnErrorAndNoSignal() throws {
      let program = ChecksumProgram([["false"]])
      let bytes = [UInt8](repeating: 1, count: 8_000_000)
      bytes.withUnsafeBytes { program.send($0) }
      #expect(throws: MoultError.self) { try program.checksum(digits: 64) }
    }

    @Test(arguments: [["echo", "no hash"], ["echo", String(repeating: "g", count: 64)], ["true"]])
    func anAnswerThatIsNoChecksumIsAnError(command: [String]) {
      #expect(throws: MoultError.self) { try ChecksumProgram([command]).checksum(digits: 64) }
    }

    @Test(arguments: [true, false])
    func noProcessIsLeft(isAsked: Bool) throws {
      var process: pid_t = 0
      do {
        let program = ChecksumProgram(ChecksumProgram.sha256)
        process = program.process
        if isAsked { _ = try program.checksum(digits: 64) }
      }
      expectGreater(process, 0)
      // A process that nobody waited for would still have its number.
      expectTrue(kill(process, 0) == -1 && errno == ESRCH)
    }

    /// A program sees the end of its input also while a second one runs: it does not inherit the first one's socket.
    @Test func programsAtOnceDoNotHoldEachOther() throws {
      let first = ChecksumProgram(ChecksumProgram.sha256), second = ChecksumProgram(ChecksumProgram.sha256)
      try expectEqual(first.checksum(digits: 64), Self.emptyDigest)
      try expectEqual(second.checksum(digits: 64), Self.emptyDigest)
    }
  }
#endif
