import MoultPlatform
import MoultTraining

/// The screen that the live view draws on.
package protocol LiveTerminal: AnyObject {
  /// Takes the screen, if the program may have it now: called before each frame.
  func take() -> TakenScreen
  /// Gives the screen back as it was found.
  func giveBack()
  /// The size now.
  var size: (columns: Int, rows: Int) { get }
  /// The keys that were pressed since it was asked last; never waits.
  func readKeys() -> [UInt8]
  /// Shows text, escape sequences included.
  func write(_ text: String)
}

/// Whether a screen can be drawn on.
package enum TakenScreen {
  /// It belongs to another program now, or cannot take text.
  case no
  /// It shows nothing yet.
  case empty
  /// It shows the last frame.
  case kept
}

/// The alternate screen of a terminal, with keys that come unechoed one by one. Ctrl-C and Ctrl-Z stay signals.
final class TerminalSession: LiveTerminal {
  private let descriptor: Int32
  private var attributes = termios()

  /// A session on an open file, or `nil` when that is no terminal that this program may read and draw on.
  init?(descriptor: Int32) {
    self.descriptor = descriptor
    let access = fcntl(descriptor, F_GETFL)
    guard access >= 0, access & O_ACCMODE == O_RDWR, tcgetattr(descriptor, &attributes) == 0, isForeground
    else { return nil }
  }

  /// A terminal that controls other processes belongs to its foreground; one that controls none belongs to anybody.
  private var isForeground: Bool {
    let group = tcgetpgrp(descriptor)
    return group < 0 || group == getpgrp()
  }

  func take() -> TakenScreen {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // After Ctrl-S writing would wait, and training with it.
    guard isForeground, poll(&state, 1, 0) == 1, state.revents & Int16(POLLOUT) != 0 else { return .no }
    if TerminalRestorer.isArmed, !TerminalRestorer.takeContinued() { return .kept }
    // A shell may have set the terminal while the program was stopped.
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
