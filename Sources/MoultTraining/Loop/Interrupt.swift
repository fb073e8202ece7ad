import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C and termination requests for a program that trains: the first finishes the step, the second leaves at once.
public enum Interrupt {
  /// The stop signal that the process's handlers set.
  public static let stopSignal = StopSignal()

  private static let signals = [SIGINT, SIGTERM]
  /// What was done at each signal before `install`.
  private static let previous = Mutex<[Int32: sigaction]>([:])

  /// Installs handlers for SIGINT and SIGTERM and returns the stop signal to give to a trainer.
  ///
  /// The first signal sets the stop signal, so that training ends after the current step and the caller can save; a
  /// second one ends the process immediately with status 128 + signal. A signal that is ignored stays so: whoever
  /// started the program (`nohup`, a shell's background job) wished it. The signals are also unblocked for the calling
  /// thread: a program that was started from a thread with blocked signals inherits that, and would never hear of them.
  @discardableResult
  public static func install() -> StopSignal {
    stopSignal.reset()  // also makes the lazy global exist before a handler may read it
    previous.withLock { previous in
      for number in signals where previous[number] == nil {
        var old = sigaction()
        sigaction(number, nil, &old)
        // Only an atomic exchange and, at the second signal, what gives the terminal back and _exit happen in the
        // handler: all are safe at any point of the program.
        let oldHandler = signal(number) { number in
          if !Interrupt.stopSignal.request(signal: number) {
            TerminalRestorer.restore()
            _exit(128 + number)
          }
        }
        if unsafeBitCast(oldHandler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
          sigaction(number, &old, nil)
        } else {
          previous[number] = old
        }
      }
    }
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    for number in signals { sigaddset(&unblocked, number) }
    pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    return stopSignal
  }

  /// Gives SIGINT and SIGTERM the meaning back that they had before `install`.
  public static func uninstall() {
    previous.withLock { previous in
      for (number, action) in previous {
        var action = action
        sigaction(number, &action, nil)
      }
      previous = [:]
    }
  }
}
