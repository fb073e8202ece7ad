import MoultPlatform
import Synchronization

/// Restores the settings and the screen of a terminal when the program ends in any way, also by a signal.
///
/// The signal handlers read only memory that was allocated before and call only functions that POSIX lists as safe in
/// handlers. SIGKILL cannot be handled; after it the user can restore the terminal with the command `reset`.
package enum TerminalRestorer {
  /// Switches to the alternate screen, hides the cursor, and turns off the wrapping of lines, which a smaller window
  /// would cause.
  package static let enterSequence = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
  /// Resets the text style, turns on wrapping, shows the cursor, and switches back to the normal screen.
  static let leaveSequence = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
  /// The text that is written after a crash, since messages on the alternate screen are no longer visible.
  private static let crashNote =
    "moult: the program failed, and what it said was on the screen that is gone; run it again without the full screen\n"

  /// Signals that end a program by default.
  private static let ending = [SIGINT, SIGTERM, SIGHUP]
  /// Signals of a crash; a Swift trap raises SIGILL or SIGTRAP.
  private static let failing = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

  private struct Memory {
    var descriptor: Int32 = -1
    var attributes = termios()
    /// The earlier action of each signal, by signal number.
    var previous: UnsafeMutablePointer<sigaction>
    let isSaved: UnsafeMutablePointer<Bool>
    /// The signals that `arm` has unblocked, to block them again.
    var blocked = sigset_t()
    let leave, note: UnsafeMutableBufferPointer<UInt8>
  }

  private static let signalCount = 32
  /// The data of the signal handlers. The memory is never freed, since a handler may read it at any time. It is written
  /// only while no terminal has to be restored.
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

  /// Whether a terminal has to be restored.
  package static var isArmed: Bool { isOwed.load(ordering: .acquiring) }

  /// Returns whether the program was stopped and continued (Ctrl-Z, `fg`) since the last call.
  package static func takeContinued() -> Bool { wasContinued.exchange(false, ordering: .acquiringAndReleasing) }

  /// Registers a terminal, so that it is restored to `attributes` when the program ends or stops.
  ///
  /// Handlers are installed for the signals that end or stop a program. Where such a signal has a handler, the handler
  /// stays (that of `Interrupt` calls `restore` itself), and ignored signals stay ignored. SIGQUIT (Ctrl-\), SIGCONT
  /// and the crash signals are exceptions, whose actions are always replaced until `disarm`: the SIGQUIT handler of
  /// Swift's runtime, for example, would write a backtrace over the screen. The signals are also unblocked in the
  /// calling thread, since a process inherits blocked signals from its parent thread and its handlers would not run.
  ///
  /// - Parameters:
  ///   - descriptor: The file descriptor of the terminal.
  ///   - attributes: The terminal settings to restore.
  package static func arm(descriptor: Int32, attributes: termios) {
    isOwed.store(false, ordering: .sequentiallyConsistent)
    memory.pointee.descriptor = descriptor
    memory.pointee.attributes = attributes
    isOwed.store(true, ordering: .sequentiallyConsistent)
    for number in ending + [SIGTSTP] { install(number, onlyOverDefault: true) }
    for number in failing + [SIGCONT, SIGQUIT] { install(number, onlyOverDefault: false) }
    unblock()
  }

  /// Restores the terminal and the earlier signal handlers.
  package static func disarm() {
    restore()
    for number in 0..<Int32(signalCount) where memory.pointee.isSaved[Int(number)] {
      sigaction(number, &memory.pointee.previous[Int(number)], nil)
      memory.pointee.isSaved[Int(number)] = false
    }
    pthread_sigmask(SIG_BLOCK, &memory.pointee.blocked, nil)
    sigemptyset(&memory.pointee.blocked)
  }

  /// Restores the terminal if it has to be restored. The function is safe in signal handlers.
  ///
  /// - Returns: Whether the terminal was restored.
  @discardableResult
  static func restore() -> Bool {
    guard isOwed.exchange(false, ordering: .sequentiallyConsistent) else { return false }
    let owed = memory.pointee
    // Without this, a process in the background would be stopped by SIGTTOU for changing the terminal settings.
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

  /// Restores the terminal and raises the signal again with its earlier action.
  private static let ended: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.restore()
    sigaction(number, &TerminalRestorer.memory.pointee.previous[Int(number)], nil)
    raise(number)  // the signal is blocked during this handler and delivered after it returns
  }

  /// Handles SIGQUIT (Ctrl-\): restores the terminal and ends the program with the default action of the signal.
  private static let quit: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.restore()
    signal(number, SIG_DFL)
    raise(number)  // the signal is blocked during this handler and delivered after it returns
  }

  private static let failed: @convention(c) (Int32) -> Void = { number in
    let owed = TerminalRestorer.memory.pointee
    if TerminalRestorer.restore() { _ = write(owed.descriptor, owed.note.baseAddress, owed.note.count) }
    // The failed instruction is run again after the handler returns, and fails with the earlier action of the signal.
    sigaction(number, &TerminalRestorer.memory.pointee.previous[Int(number)], nil)
  }

  /// Handles SIGTSTP (Ctrl-Z): restores the terminal and stops the program. Execution continues here after `fg`.
  private static let stopped: @convention(c) (Int32) -> Void = { number in
    let code = errno
    TerminalRestorer.restore()
    var handler = sigaction()
    sigaction(number, &TerminalRestorer.memory.pointee.previous[Int(number)], &handler)
    raise(number)
    var (unblocked, before) = (sigset_t(), sigset_t())
    sigemptyset(&unblocked)
    sigaddset(&unblocked, number)
    pthread_sigmask(SIG_UNBLOCK, &unblocked, &before)  // the program stops here
    pthread_sigmask(SIG_SETMASK, &before, nil)
    sigaction(number, &handler, nil)
    errno = code
  }

  private static let continued: @convention(c) (Int32) -> Void = { _ in
    TerminalRestorer.wasContinued.store(true, ordering: .sequentiallyConsistent)
  }
}
