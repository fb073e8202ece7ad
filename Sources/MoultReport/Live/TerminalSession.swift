import MoultPlatform
import MoultTraining

/// The terminal on which the live view draws.
package protocol LiveTerminal: AnyObject {
  /// Switches to the full screen if the program may use the terminal now. Called before each frame.
  func take() -> TakenScreen
  /// Restores the terminal.
  func giveBack()
  /// The current size of the terminal.
  var size: (columns: Int, rows: Int) { get }
  /// Returns the keys that were pressed since the last call, without waiting.
  func readKeys() -> [UInt8]
  /// Writes text, with escape sequences.
  func write(_ text: String)
}

/// The result of taking the screen.
package enum TakenScreen {
  /// The screen cannot be used: another program has it, or output is stopped.
  case no
  /// The screen is empty.
  case empty
  /// The screen shows the last frame.
  case kept
}

/// A session on the alternate screen of a terminal. Keys are read one by one without echo; Ctrl-C and Ctrl-Z stay
/// signals.
final class TerminalSession: LiveTerminal {
  private let descriptor: Int32
  private var attributes = termios()

  /// Creates a session; returns `nil` if `descriptor` is not a terminal that the program may read and draw on.
  init?(descriptor: Int32) {
    self.descriptor = descriptor
    let access = fcntl(descriptor, F_GETFL)
    guard access >= 0, access & O_ACCMODE == O_RDWR, tcgetattr(descriptor, &attributes) == 0, isForeground
    else { return nil }
  }

  /// Whether the program is in the foreground process group of the terminal, or the terminal has no such group.
  private var isForeground: Bool {
    let group = tcgetpgrp(descriptor)
    return group < 0 || group == getpgrp()
  }

  func take() -> TakenScreen {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // After Ctrl-S, writing would block, and training with it.
    guard isForeground, poll(&state, 1, 0) == 1, state.revents & Int16(POLLOUT) != 0 else { return .no }
    if TerminalRestorer.isArmed, !TerminalRestorer.takeContinued() { return .kept }
    // While the program was stopped, a shell may have changed the settings of the terminal.
    if !TerminalRestorer.isArmed, tcgetattr(descriptor, &attributes) != 0 { return .no }
    _ = TerminalRestorer.takeContinued()
    TerminalRestorer.arm(descriptor: descriptor, attributes: attributes)
    var raw = attributes
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    withUnsafeMutableBytes(of: &raw.c_cc) { characters in
      characters[Int(VMIN)] = 0
      characters[Int(VTIME)] = 0
    }
    tcsetattr(descriptor, TCSANOW, &raw)
    write(TerminalRestorer.enterSequence)
    return .empty
  }

  func giveBack() { TerminalRestorer.disarm() }

  var size: (columns: Int, rows: Int) {
    Terminal.size(fileDescriptor: descriptor) ?? (Terminal.defaultWidth, Terminal.defaultHeight)
  }

  func readKeys() -> [UInt8] {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard isForeground, poll(&state, 1, 0) == 1, state.revents & Int16(POLLIN) != 0 else { return [] }
    var keys = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &keys, keys.count)
    return count > 0 ? Array(keys[..<count]) : []
  }

  func write(_ text: String) { StandardStream.error.write(text) }
}
