import MoultPlatform
import Synchronization

/// Gives a terminal back as it was found, wherever the program leaves: also from a signal handler.
///
/// The data of a handler is in memory that was allocated before, and the functions that it calls are on POSIX's list of
/// those that are safe in handlers. SIGKILL cannot be caught; `reset` repairs the terminal then.
package enum TerminalRestorer {
  /// The alternate screen, no cursor, no wrapping of lines that a shrinking window makes too long.
  package static let enterSequence = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
  /// Plain text, wrapping, the cursor, and the screen as it was.
  static let leaveSequence = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
  /// The text that is written after a crash, since the program's messages were on the screen that is gone.
  private static let crashNote =
    "moult: the program failed, and what it said was on the screen that is gone; run it again without the full screen\n"

  /// Signals that end the program unless it handles them.
  private static let ending = [SIGINT, SIGTERM, SIGHUP]
  /// Signals of a program that has failed; a Swift trap is SIGILL or SIGTRAP.
  private static let failing = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

  private struct Memory {
    var descriptor: Int32 = -1
    var attributes = termios()
    /// The action of each signal before, by its number.
    var previous: UnsafeMutablePointer<sigaction>
    let isSaved: UnsafeMutablePointer<Bool>
    /// The signals that `arm` has unblocked.
    var blocked = sigset_t()
    let leave, note: UnsafeMutableBufferPointer<UInt8>
  }

  private static let signalCount = 32
  /// The data of the handlers. It is never freed, as a handler may read it at any time, and only written while no
  /// terminal is to be given back.
  nonisolated(unsafe) private static let memory: UnsafeMutablePointer<Memory> = {
    func copy(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
      let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
      _ = bytes.initialize(from: text.utf8)
      return bytes
    }
    let memory = UnsafeMutablePointer<Memory>.allocate(capacity: 1)
    let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: signalCount)
    previous.initialize(repeating: sigaction(), count: signalCount)
    let isSaved = UnsafeMutablePointer<Bool>.allocate(capacity: signalCount)
    isSaved.initialize(repeating: false, count: signalCount)
    memory.initialize(
      to: Memory(previous: previous, isSaved: isSaved, leave: copy(leaveSequence), note: copy(crashNote)))
    atexit { TerminalRestorer.restore() }
    return memory
  }()

  private static let isOwed = Atomic<Bool>(false)
  private static let wasContinued = Atomic<Bool>(false)

  /// Whether a terminal is to be given back.
  package static var isArmed: Bool { isOwed.load(ordering: .acquiring) }

  /// Whether the program was stopped and has gone on since this was asked last.
  package static func takeContinued() -> Bool { wasContinued.exchange(false, ordering: .acquiringAndReleasing) }

  /// Promises to give the terminal behind `descriptor` back with `attributes`.
  ///
  /// Handlers are installed for the signals that would end or stop the program; handlers that the program has already
  /// stay (`Interrupt` calls `restore` itself), and so do those that are ignored. Only SIGQUIT, Ctrl-\, is taken from
  /// its handler: Swift's runtime handles it for its backtraces, would write over the screen and go on. They are
  /// also unblocked for the calling thread: a program that was started from a thread with blocked signals inherits
  /// that, and its handlers would never run.
  package static func arm(descriptor: Int32, attributes: termios) {
    isOwed.store(false, ordering: .sequentiallyConsistent)
    memory.pointee.descriptor = descriptor
    memory.pointee.attributes = attributes
    isOwed.store(true, ordering: .sequentiallyConsistent)
    for number in ending + [SIGTSTP] { install(number, onlyOverDefault: true) }
    for number in failing + [SIGCONT, SIGQUIT] { install(number, onlyOverDefault: false) }
    unblock()
  }

  /// Gives the terminal back and the signals the meaning that they had.
  package static func disarm() {
    restore()
    for number in 0..<Int32(signalCount) where memory.pointee.isSaved[Int(number)] {
      sigaction(number, &memory.pointee.previous[Int(number)], nil)
      memory.pointee.isSaved[Int(number)] = false
    }
    pthread_sigmask(SIG_BLOCK, &memory.pointee.blocked, nil)
    sigemptyset(&memory.pointee.blocked)
  }

  /// Gives the terminal back if that is owed; safe in signal handlers.
  ///
  /// - Returns: whether it was.
  @discardableResult
  static func restore() -> Bool {
    guard isOwed.exchange(false, ordering: .sequentiallyConsistent) else { return false }
    let owed = memory.pointee
    // A program in the background would be stopped for setting the terminal.
    var (blocked, before) = (sigset_t(), sigset_t())
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTTOU)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    _ = write(owed.descriptor, owed.leave.baseAddress, owed.leave.count)
    var attributes = owed.attributes
    tcsetattr(owed.descriptor, TCSANOW, &attributes)
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return true
  }

  private static func install(_ number: Int32, onlyOverDefault: Bool) {
    guard !memory.pointee.isSaved[Int(number)] else { return }
    let slot = memory.pointee.previous + Int(number)
    sigaction(number, nil, slot)
    let handler: @convention(c) (Int32) -> Void =
      switch number {
      case SIGTSTP: stopped
      case SIGCONT: continued
      case SIGQUIT: quit
      default: failing.contains(number) ? failed : ended
      }
    let old = signal(number, handler)
    if onlyOverDefault, unsafeBitCast(old, to: Int.self) != unsafeBitCast(SIG_DFL, to: Int.self) {
      sigaction(number, slot, nil)
    } else {
      memory.pointee.isSaved[Int(number)] = true
    }
  }

  private static func unblock() {
    var (handled, before) = (sigset_t(), sigset_t())
    sigemptyset(&handled)
    let numbers = (0..<Int32(signalCount)).filter { memory.pointee.isSaved[Int($0)] }
    for number in numbers { sigaddset(&handled, number) }
    pthread_sigmask(SIG_UNBLOCK, &handled, &before)
    for number in numbers where sigismember(&before, number) == 1 { sigaddset(&memory.pointee.blocked, number) }
  }

  /// Gives the terminal back and does what the signal does without this handler.
  private static let ended: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.restore()
    sigaction(number, &TerminalRestorer.memory.pointee.previous[Int(number)], nil)
    raise(number)  // it is blocked while this handler runs and comes when it returns
  }

  /// Ctrl-\: gives the terminal back and ends the program as the signal does without a handler.
  private static let quit: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.restore()
    signal(number, SIG_DFL)
    raise(number)  // it is blocked while this handler runs and comes when it returns
  }

  private static let failed: @convention(c) (Int32) -> Void = { number in
    let owed = TerminalRestorer.memory.pointee
    if TerminalRestorer.restore() { _ = write(owed.descriptor, owed.note.baseAddress, owed.note.count) }
    // The instruction that failed is run again, and now fails as it would have without this handler.
    sigaction(number, &TerminalRestorer.memory.pointee.previous[Int(number)], nil)
  }

  /// Ctrl-Z: gives the terminal back, stops, and goes on here when the program is continued.
  private static let stopped: @convention(c) (Int32) -> Void = { number in
    let code = errno
    TerminalRestorer.restore()
    var handler = sigaction()
    sigaction(number, &TerminalRestorer.memory.pointee.previous[Int(number)], &handler)
    raise(number)
    var (unblocked, before) = (sigset_t(), sigset_t())
    sigemptyset(&unblocked)
    sigaddset(&unblocked, number)
    pthread_sigmask(SIG_UNBLOCK, &unblocked, &before)  // here it stops
    pthread_sigmask(SIG_SETMASK, &before, nil)
    sigaction(number, &handler, nil)
    errno = code
  }

  private static let continued: @convention(c) (Int32) -> Void = { _ in
    TerminalRestorer.wasContinued.store(true, ordering: .sequentiallyConsistent)
  }
}
