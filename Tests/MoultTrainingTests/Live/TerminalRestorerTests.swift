import Moult
import MoultPlatform
import MoultReport
import MoultTestSupport
import Testing

/// Ends that leave no time to clean up: each in a process of its own, on a terminal that is looked at afterwards.
@Suite struct TerminalRestorerTests {
  /// A terminal that a child process finds by the name of the test.
  private final class Pair {
    let primary, secondary: Int32
    private let link: String
    private var before = termios()

    init(_ name: String) throws {
      var (primary, secondary): (Int32, Int32) = (-1, -1)
      var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
      try #require(openpty(&primary, &secondary, nil, nil, &size) == 0)
      (self.primary, self.secondary) = (primary, secondary)
      link = TerminalRestorerTests.path(name, of: getpid())
      tcgetattr(primary, &before)
      // ttyname returns one buffer for all threads, and the tests run at once.
      var terminal = [CChar](repeating: 0, count: 256)
      try #require(ttyname_r(secondary, &terminal, terminal.count) == 0 && symlink(terminal, link) == 0)
    }

    deinit {
      unlink(link)
      close(primary)
      close(secondary)
    }

    /// What the terminal was sent, once nobody writes to it any more.
    var text: String {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4_096)
      var state = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
      while poll(&state, 1, 0) == 1, state.revents & Int16(POLLIN) != 0 {
        let count = read(primary, &buffer, buffer.count)
        if count <= 0 { break }
        bytes += buffer[..<count]
      }
      return String(decoding: bytes, as: UTF8.self)
    }

    var hasAttributesOfBefore: Bool {
      var now = termios()
      tcgetattr(primary, &now)
      return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag
    }
  }

  private static func path(_ name: String, of process: pid_t) -> String { "/tmp/moult-terminal-\(process)-\(name)" }

  /// In the child: trains with a live view on the parent's terminal until `end`, in the middle of an epoch.
  private static func train(
    _ name: String, atEnd: () -> Void = {}, until end: @escaping () throws(MoultError) -> Void
  ) {
    // A child that hangs ends itself: its parent waits for it.
    alarm(20)
    dup2(open(path(name, of: getppid()), O_RDWR | O_NOCTTY), 2)
    setenv("TERM", "xterm", 1)
    unsetenv("NO_COLOR")
    guard let view = LiveView(title: ["points"]) else { _exit(99) }
    let recorder = Recorder { step throws(MoultError) in if step.step == 2 { try end() } }
    _ = try? TrainingFixture.trainer(TrainingFixture.model(), callbacks: [view, recorder])
      .fit(TrainingFixture.points(40), epochs: 1, batchSize: 10)
    atEnd()
    _exit(98)
  }

  private func expectRestored(_ pair: Pair, end: String = "\u{1B}[?1049l") {
    let text = pair.text
    expectTrue(text.contains("\u{1B}[?1049h"))
    expectTrue(text.hasSuffix(end), "\(text.suffix(80).debugDescription)")
    expectTrue(pair.hasAttributesOfBefore)
  }

  @Test func theSecondInterruptLeavesTheTerminalAsItWas() async throws {
    let pair = try Pair("second")
    await #expect(processExitsWith: .exitCode(130)) {
      Interrupt.install()
      Self.train("second") {
        raise(SIGINT)
        raise(SIGINT)
      }
    }
    expectRestored(pair)
  }

  @Test func aSignalThatNobodyHandlesEndsTheProgramAsEver() async throws {
    let pair = try Pair("term")
    await #expect(processExitsWith: .signal(SIGTERM)) {
      Self.train("term") { raise(SIGTERM) }
    }
    expectRestored(pair)
  }

  /// Swift's runtime handles this signal for its backtraces, and would go on.
  @Test func quittingEndsTheProgramWhoeverHandledItBefore() async throws {
    let pair = try Pair("quit")
    await #expect(processExitsWith: .signal(SIGQUIT)) {
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
      signal(SIGQUIT) { _ in _exit(95) }
      Self.train("quit") { raise(SIGQUIT) }
    }
    expectRestored(pair)
  }

  @Test func blockedSignalsAreHeardWhileTheScreenIsTakenAndBlockedAgainAfterwards() async throws {
    let pair = try Pair("blocked")
    await #expect(processExitsWith: .exitCode(98)) {
      func isBlocked(_ number: Int32) -> Bool {
        var blocked = sigset_t()
        pthread_sigmask(SIG_SETMASK, nil, &blocked)
        return sigismember(&blocked, number) == 1
      }
      var (blocked, others) = (sigset_t(), sigset_t())
      sigemptyset(&blocked)
      sigemptyset(&others)
      sigaddset(&blocked, SIGTERM)
      sigaddset(&others, SIGHUP)
      pthread_sigmask(SIG_BLOCK, &blocked, nil)
      pthread_sigmask(SIG_UNBLOCK, &others, nil)
      Self.train("blocked", atEnd: { if !isBlocked(SIGTERM) || isBlocked(SIGHUP) { _exit(97) } }) {
        if isBlocked(SIGTERM) || isBlocked(SIGHUP) { _exit(96) }
      }
    }
    expectRestored(pair, end: "s\r\n")
  }

  @Test func anExitInTheMiddleLeavesTheTerminalAsItWas() async throws {
    let pair = try Pair("exit")
    await #expect(processExitsWith: .exitCode(5)) {
      Self.train("exit") { exit(5) }
    }
    expectRestored(pair)
  }

  @Test func aCrashLeavesTheTerminalAsItWasAndSaysWhereItsMessageIs() async throws {
    let pair = try Pair("crash")
    await #expect(processExitsWith: .failure) {
      Self.train("crash") { fatalError("planned") }
    }
    let text = pair.text
    expectTrue(
      text.contains("\u{1B}[?1049l" + "moult: the program failed, and what it said was on the screen that is gone"))
    expectTrue(pair.hasAttributesOfBefore)
  }

  @Test func anErrorThatIsThrownLeavesTheTerminalAsItWas() async throws {
    let pair = try Pair("error")
    await #expect(processExitsWith: .exitCode(98)) {
      Self.train("error") { () throws(MoultError) in throw MoultError(.cannotWrite, "planned") }
    }
    expectRestored(pair)
  }
}
